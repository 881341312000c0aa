-- Which version of the stored projections the database holds, so that a program that computes more
-- than the one before brings them up to date by itself.
create table projection_version (
  only_one boolean primary key default true check (only_one),
  version  integer not null);
insert into projection_version (version) values (0);
grant select, update on projection_version to ketnap_app;
