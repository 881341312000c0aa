-- What was closed stays closed: the state before 0047 was wrong.
select 1;
