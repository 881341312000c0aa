-- What was decided wrongly was decided anew in another case before 0044, which opened the former one again
-- all the same: of who is out by the later case it is closed.
with shut as (
    update departure_cases c set state = 'closed', since = current_date, version = c.version + 1
     where c.state = 'taken_back'
       and exists (select from departure_cases later where later.person_id = c.person_id and later.id > c.id
                      and later.step_id is not null and later.restored_id is null and step_that_holds(later.step_id) is not null)
    returning c.id, c.recorded_by)
insert into departure_acts (case_id, act, happened_on, recorded_by) select id, 'closed', current_date, recorded_by from shut;
