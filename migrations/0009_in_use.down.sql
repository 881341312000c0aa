drop table shipped_defaults;
drop function class_passed(bigint);
drop function organisation_has_people(integer);
