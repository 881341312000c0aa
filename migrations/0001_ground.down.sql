drop table request_keys;
drop function viewer_is_system();
drop function viewer_account();
drop function fold(text);
revoke all on schema public from ketnap_app;
-- The role stays: other databases of the same server may use it.
drop extension btree_gist;
drop extension btree_gin;
drop extension pg_trgm;
drop extension unaccent;
