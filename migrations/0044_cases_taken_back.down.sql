drop function readmits(bigint);
drop index steps_left;
delete from document_kinds where former;
alter table document_kinds drop column former;
drop index departure_cases_waiting_org;
drop index departure_cases_waiting;
drop index departure_cases_one;
alter table departure_cases drop column open;
update departure_cases set state = 'opened' where state = 'failed';
update departure_cases set state = 'closed' where state = 'taken_back';
alter table departure_acts drop column step_id;
alter table departure_cases drop constraint departure_cases_state_check;
alter table departure_cases add constraint departure_cases_state_check
  check (state in ('opened', 'voted', 'proposed', 'decided', 'told', 'appealed', 'upheld', 'restored', 'closed'));
alter table departure_cases add column open boolean not null generated always as (state in ('opened', 'voted', 'proposed')) stored;
create unique index departure_cases_one on departure_cases (person_id) where open;
