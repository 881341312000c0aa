alter table departure_cases drop column rated;
