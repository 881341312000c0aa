drop table calendar_days;
drop table rules;
