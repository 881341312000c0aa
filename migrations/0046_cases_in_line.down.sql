-- What was closed stays closed: the state before 0046 was wrong.
select 1;
