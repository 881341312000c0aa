drop table terms;
drop function organisation_path(integer, date);
drop table organisation_tree;
drop table organisation_versions;
drop table organisations;
