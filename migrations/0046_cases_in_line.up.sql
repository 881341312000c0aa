-- What was decided wrongly was decided anew in another case before 0044, which opened the former one again
-- all the same: of who is out by the later case it is closed.
with shut as (
    update departure_cases c set state = 'closed', since = current_date, version = c.version + 1
     where c.state = 'taken_back'
       and exists (select from departure_cases later where later.person_id = c.person_id and later.id > c.id
                      and later.step_id is not null and later.restored_id is null and step_that_holds(later.step_id) is not null)
    returning c.id, c.recorded_by)
insert into departure_acts (case_id, act, happened_on, recorded_by) select id, 'closed', current_date, recorded_by from shut;

-- Where 0044 was taken back and done again, the failed votes had lost their steps, which name their case.
with vote as (
    select s.id, (s.facts->>'case_id')::bigint as case_id, s.happened_on, row_number() over (partition by s.facts->>'case_id', s.happened_on order by s.id) as n
      from steps s where s.kind = 'removal_vote' and s.corrects_id is null),
lost as (
    select a.id, a.case_id, a.happened_on, row_number() over (partition by a.case_id, a.happened_on order by a.id) as n, a.step_id
      from departure_acts a where a.act = 'failed')
update departure_acts a set step_id = v.id from lost l join vote v using (case_id, happened_on, n) where a.id = l.id and l.step_id is null;
