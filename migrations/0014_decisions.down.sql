drop index person_states_next;
drop table ceremony_people, ceremonies, decision_people, decisions cascade;
drop function step_that_holds;
drop index steps_corrects;
drop function place_by_organisation;
