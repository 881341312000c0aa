-- What a case takes from the yearly assessments when it is opened: the most years in a row at the lowest level.
alter table departure_cases add column rated integer not null default 0;
