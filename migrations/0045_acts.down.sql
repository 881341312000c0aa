delete from reorganisation_grants where act_id in (select id from reorganisations where kind in ('found', 'alter'));
delete from reorganisation_people where act_id in (select id from reorganisations where kind in ('found', 'alter'));
delete from reorganisation_items where act_id in (select id from reorganisations where kind in ('found', 'alter'));
delete from reorganisations where kind in ('found', 'alter');
drop function misplaced();
drop function counts_of_succession(integer[], text[], date, date, text[]);
drop function organisation_in_use(integer, bigint);
drop function people_in(integer);
drop function reorganisation_facts(integer[], integer[], bigint[], date);
drop function pass_grants(bigint, integer[], bigint[], integer[], integer, date);
drop function grants_at(integer[], date, integer);
drop function goals_of_act(bigint);
drop function count_act_people(bigint);
drop function recount_figures(integer[]);
drop function carry_named(bigint, bigint[], integer[]);
drop function follow_the_tree(integer[]);
drop function move_people(bigint, boolean);
drop function rename_in_search(integer[]);
drop function person_search_text(people);
create or replace function place_by_organisation() returns trigger language plpgsql as $$
begin
  new.path := organisation_path(new.org_id, (now() at time zone 'Asia/Ho_Chi_Minh')::date);
  if new.path = '{}' then
    raise exception 'organisation % has no place in the tree today', new.org_id using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
drop trigger introductions_placed on introductions;
create trigger introductions_placed before insert or update of org_id, path on introductions
  for each row execute function place_person();
create or replace function place_transfer() returns trigger language plpgsql as $$
declare day date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
begin
  new.path := organisation_path(new.org_id, day);
  new.to_path := case when new.to_org is null then '{}' else organisation_path(new.to_org, day) end;
  if tg_op = 'UPDATE' then -- one of the two may have ended since
    if new.path = '{}' then new.path := old.path; end if;
    if new.to_path = '{}' then new.to_path := old.to_path; end if;
  end if;
  if new.path = '{}' or new.to_org is not null and new.to_path = '{}' then
    raise exception 'organisations % and %: one has no place in the tree today', new.org_id, new.to_org using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
drop function standing_path(integer, date);
create function follow_the_tree(orgs integer[], from_cells integer[], to_cells integer[]) returns integer
  language plpgsql security definer set search_path = public as $$
declare
  day     date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
  whom    bigint[];
  tbl     text;
begin
  perform pg_advisory_xact_lock(7464001);
  perform set_config('ketnap.counted_as_a_whole', 'yes', true);
  select coalesce(array_agg(id), '{}') into whom from people where org_id = any(orgs || from_cells);

  update stage_counts c set n = c.n - m.n
    from (select a.org, s.stage, count(*)::integer as n from person_states s, unnest(s.path) a(org)
           where s.person_id = any(whom) group by 1, 2) m
   where c.org_id = m.org and c.stage = m.stage;
  update people p set org_id = coalesce(w.into_cell, p.org_id), version = p.version + (w.into_cell is not null)::integer,
         search_text = case when w.into_cell is null then p.search_text else
           left(' ' || fold(concat_ws(' ', p.full_name, p.other_name, p.class_name, p.faculty, p.student_no, p.card_no, p.file_no,
             (select v.name from organisation_versions v where v.org_id = w.into_cell and v.valid_until is null))), 350) end
    from (select q.id, t.into_cell from people q left join unnest(from_cells, to_cells) t(from_cell, into_cell) on t.from_cell = q.org_id
           where q.id = any(whom)) w
   where p.id = w.id;
  update person_states s set org_id = p.org_id, path = p.path from people p where p.id = s.person_id and p.id = any(whom);
  update person_mentors m set org_id = p.org_id, path = p.path from people p where p.id = m.person_id and p.id = any(whom);
  update member_warnings m set org_id = p.org_id, path = p.path from people p where p.id = m.person_id and p.id = any(whom);
  insert into stage_counts (org_id, stage, n, path)
    select a.org, s.stage, count(*)::integer, min(s.path[1:a.i]) from person_states s, unnest(s.path) with ordinality a(org, i)
     where s.person_id = any(whom) group by 1, 2
    on conflict (org_id, stage) do update set n = stage_counts.n + excluded.n, path = excluded.path;

  for tbl in select placed_tables() loop
    execute format('update %I set org_id = org_id where org_id = any($1)', tbl) using orgs;
  end loop;
  update transfers set to_org = to_org where to_org = any(orgs);
  update introduction_people r set path = i.path from introductions i where i.id = r.introduction_id and i.org_id = any(orgs);
  update stage_counts set path = organisation_path(org_id, day) where org_id = any(orgs);
  update figure_counts set path = organisation_path(org_id, day) where org_id = any(orgs);
  return cardinality(whom);
end $$;
create function bring_back(act bigint, orgs integer[]) returns integer
  language plpgsql security definer set search_path = public as $$
begin
  -- Several cells may have gone into one, so that people are told apart by the act, not by their cell.
  perform pg_advisory_xact_lock(7464001);
  perform set_config('ketnap.counted_as_a_whole', 'yes', true);
  update stage_counts c set n = c.n - m.n
    from (select a.org, s.stage, count(*)::integer as n from person_states s join reorganisation_people r on r.person_id = s.person_id, unnest(s.path) a(org)
           where r.act_id = act and r.from_org <> r.to_org group by 1, 2) m
   where c.org_id = m.org and c.stage = m.stage;
  update people p set org_id = r.from_org, version = p.version + 1, search_text =
           left(' ' || fold(concat_ws(' ', p.full_name, p.other_name, p.class_name, p.faculty, p.student_no, p.card_no, p.file_no,
             (select v.name from organisation_versions v where v.org_id = r.from_org and v.valid_until is null))), 350)
    from reorganisation_people r where r.act_id = act and r.from_org <> r.to_org and p.id = r.person_id;
  update person_states s set org_id = p.org_id, path = p.path
    from people p join reorganisation_people r on r.person_id = p.id where r.act_id = act and r.from_org <> r.to_org and s.person_id = p.id;
  update person_mentors m set org_id = p.org_id, path = p.path
    from people p join reorganisation_people r on r.person_id = p.id where r.act_id = act and r.from_org <> r.to_org and m.person_id = p.id;
  update member_warnings m set org_id = p.org_id, path = p.path
    from people p join reorganisation_people r on r.person_id = p.id where r.act_id = act and r.from_org <> r.to_org and m.person_id = p.id;
  insert into stage_counts (org_id, stage, n, path)
    select a.org, s.stage, count(*)::integer, min(s.path[1:a.i])
      from person_states s join reorganisation_people r on r.person_id = s.person_id, unnest(s.path) with ordinality a(org, i)
     where r.act_id = act and r.from_org <> r.to_org group by 1, 2
    on conflict (org_id, stage) do update set n = stage_counts.n + excluded.n, path = excluded.path;
  return follow_the_tree(orgs, '{}', '{}');
end $$;
create function pass_grants(act bigint, orgs integer[], to_orgs integer[], today date) returns integer
  language plpgsql security definer set search_path = public as $$
declare
  g    record;
  made bigint;
  n    integer := 0;
begin
  for g in select r.*, t.into_org from grants r join unnest(orgs, to_orgs) t(org, into_org) on t.org = r.org_id
            where r.valid_until is null or r.valid_until > today order by r.id for update of r loop
    made := null;
    if g.into_org is not null then
      insert into grants (account_id, role, org_id, valid_from, valid_until)
        values (g.account_id, g.role, g.into_org, greatest(g.valid_from, today), g.valid_until) returning id into made;
      n := n + 1;
    end if;
    insert into reorganisation_grants values (act, g.id, g.valid_until, made);
    update grants set valid_until = greatest(valid_from, today) where id = g.id;
  end loop;
  return n;
end $$;
create function reorganisation_facts(orgs integer[], ended integer[], day date)
  returns table (people integer, members integer, dossiers integer, papers integer, accounts integer, lying integer, last_step date)
  language sql stable security definer set search_path = public as $$
  select (select count(*)::integer from people where org_id = any(orgs)),
         (select count(*)::integer from person_states where stage in ('probationary', 'official') and org_id = any(orgs)),
         (select count(*)::integer from submissions where open and org_id = any(orgs)),
         (select count(*)::integer from transfers where open and (org_id = any(orgs) or to_org = any(orgs))),
         (select count(distinct account_id)::integer from grants
           where org_id = any(orgs || ended) and valid_from <= day and (valid_until is null or valid_until > day)),
         (select (select count(*) from submissions where open and (at_org = any(ended) or org_id = any(ended)))
               + (select count(*) from transfers where open and (org_id = any(ended) or to_org = any(ended)))
               + (select count(*) from departure_cases where open and org_id = any(ended)))::integer,
         (select max(s.happened_on) from steps s join people p on p.id = s.person_id
           where p.org_id = any(orgs) and s.happened_on >= day) $$;
alter table reorganisation_items drop column was, drop column became, drop column rewritten, alter column from_parent set not null;
alter table reorganisations
  drop constraint reorganisations_decided,
  drop constraint reorganisations_kind_check,
  alter column decision_date set not null,
  add constraint reorganisations_kind_check check (kind in ('move', 'merge', 'split', 'end')),
  add constraint reorganisations_decision_number_check check (decision_number <> ''),
  add constraint reorganisations_issuer_check check (issuer <> '');
