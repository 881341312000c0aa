-- What every later table stands on: extensions, the application's role, the viewer of a
-- transaction, idempotency keys of forms, name folding.
create extension if not exists unaccent;
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create extension if not exists btree_gist;

do $$
begin
  if not exists (select from pg_roles where rolname = 'ketnap_app') then
    create role ketnap_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
end $$;
grant usage on schema public to ketnap_app;

-- unaccent() is only stable because it reads a dictionary; pinned to one it may feed an index.
create function fold(text) returns text
  language sql immutable parallel safe strict
  as $$ select lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;

-- The account on whose behalf the transaction runs: 0 for nobody.
create function viewer_account() returns bigint
  language sql stable parallel safe
  as $$ select case when current_setting('ketnap.account', true) ~ '^[0-9]{1,18}$'
                    then current_setting('ketnap.account', true)::bigint else 0 end $$;

-- Commands and jobs of the system itself, never a request.
create function viewer_is_system() returns boolean
  language sql stable parallel safe
  as $$ select coalesce(current_setting('ketnap.account', true), '') = 'system' $$;

create table request_keys (
  key        uuid primary key,
  account_id bigint not null,
  result     text,
  at         timestamptz not null default now());
create index request_keys_at on request_keys (at);
grant select, insert, update, delete on request_keys to ketnap_app;
