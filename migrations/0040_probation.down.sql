alter table person_states drop column probation_ends_on;
