drop index steps_class;
alter table steps drop column class_id;
drop table classes;
