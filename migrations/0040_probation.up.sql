-- When the probation of those ends who are in it; empty for everybody else. The list of probationary
-- members is read in this order.
alter table person_states add column probation_ends_on date;
create index person_states_probation    on person_states (probation_ends_on, person_id)     where probation_ends_on is not null;
create index person_states_probation_o1 on person_states (o1, probation_ends_on, person_id) where probation_ends_on is not null;
create index person_states_probation_o2 on person_states (o2, probation_ends_on, person_id) where probation_ends_on is not null;
create index person_states_probation_o3 on person_states (o3, probation_ends_on, person_id) where probation_ends_on is not null;
