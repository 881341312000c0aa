-- A cell's vote that found no two thirds is stated in the case and may be repeated; a departure whose step
-- was taken back leaves its case open again, to be decided anew or closed.
drop index departure_cases_one;
alter table departure_cases drop column open;
alter table departure_cases drop constraint departure_cases_state_check;
alter table departure_cases add constraint departure_cases_state_check
  check (state in ('opened', 'failed', 'voted', 'proposed', 'decided', 'told', 'appealed', 'upheld', 'restored', 'taken_back', 'closed'));
alter table departure_cases add column open boolean not null
  generated always as (state in ('opened', 'failed', 'voted', 'proposed', 'taken_back')) stored;
alter table departure_acts add column step_id bigint references steps; -- the failed vote of a probationary member

-- Cases whose departure was taken back before: the newest one is open again where no other is.
with gone as (
    select c.id, row_number() over (partition by c.person_id order by c.id desc) = 1
                 and not exists (select from departure_cases o where o.person_id = c.person_id and o.state in ('opened', 'voted', 'proposed')) as newest
      from departure_cases c where c.step_id is not null and step_that_holds(c.step_id) is null),
moved as (
    update departure_cases c set state = case when g.newest then 'taken_back' else 'closed' end, step_id = null, restored_id = null, appeal_by = null,
           since = current_date, version = c.version + 1
      from gone g where g.id = c.id returning c.id, c.state, c.recorded_by)
insert into departure_acts (case_id, act, happened_on, recorded_by) select id, state, current_date, recorded_by from moved;
with reopened as (
    update departure_cases set state = 'appealed', restored_id = null, since = current_date, version = version + 1
     where state = 'restored' and step_id is not null and restored_id is not null and step_that_holds(restored_id) is null returning id, recorded_by)
insert into departure_acts (case_id, act, happened_on, recorded_by) select id, 'unrestored', current_date, recorded_by from reopened;
create unique index departure_cases_one on departure_cases (person_id) where open;

-- What waits for an act is read in the order in which it began to wait.
create index departure_cases_waiting on departure_cases (since, id)
  where state in ('opened', 'failed', 'voted', 'proposed', 'taken_back', 'decided', 'told', 'appealed');
create index departure_cases_waiting_org on departure_cases (org_id, since, id)
  where state in ('opened', 'failed', 'voted', 'proposed', 'taken_back', 'decided', 'told', 'appealed');

-- Papers that are asked only of who was a member before.
alter table document_kinds add column former boolean not null default false;

-- Whether somebody whose step of admission this is was a member before, and is admitted again by it.
create index steps_left on steps (person_id) where kind in ('left', 'restored');
create function readmits(step bigint) returns boolean language sql stable as $$
  select exists (
      select from steps s join steps l on l.person_id = s.person_id and l.kind = 'left' and (l.happened_on, l.id) < (s.happened_on, s.id)
       where s.id = step and s.kind = 'decided'
         and not exists (select from steps v where v.voids_id = l.id)
         and not exists (select from steps r where r.person_id = s.person_id and r.kind = 'restored' and r.happened_on > l.happened_on
                            and r.happened_on <= s.happened_on and not exists (select from steps v where v.voids_id = r.id))) $$;
grant execute on function readmits(bigint) to ketnap_app;
