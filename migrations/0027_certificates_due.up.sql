-- Whose class certificate runs out: the part of the work list whose deadline is set by it.
create index person_states_certificate    on person_states (due_on, person_id)     where due_rule = 'cert.valid';
create index person_states_certificate_o1 on person_states (o1, due_on, person_id) where due_rule = 'cert.valid';
create index person_states_certificate_o2 on person_states (o2, due_on, person_id) where due_rule = 'cert.valid';
create index person_states_certificate_o3 on person_states (o3, due_on, person_id) where due_rule = 'cert.valid';
