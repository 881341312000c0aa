alter table terms   drop column changed_by, drop column changed_at;
alter table classes drop column changed_by, drop column changed_at;
drop table shipped_defaults;
drop function class_passed(bigint);
drop function organisation_has_people(integer);
