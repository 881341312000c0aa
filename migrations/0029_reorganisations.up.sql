-- Acts that change where organisations stand, each with its decision. What an act does to the tree
-- stands in the versions of organisations; here stands what it was, so that it can be undone.
create table reorganisations (
  id              bigint generated always as identity primary key,
  kind            text not null check (kind in ('move', 'merge', 'split', 'end')),
  happened_on     date not null,
  into_org        integer references organisations,
  decision_number text not null check (decision_number <> ''),
  decision_date   date not null,
  issuer          text not null check (issuer <> ''),
  people          integer not null default 0,              -- how many went along
  last_step       bigint not null,                         -- the newest step when it was carried out
  recorded_by     bigint not null,
  recorded_at     timestamptz not null default now(),
  undone_by       bigint,
  undone_at       timestamptz,
  check ((undone_by is null) = (undone_at is null)));

create table reorganisation_items (
  act_id      bigint not null references reorganisations,
  org_id      integer not null references organisations,
  from_parent integer not null references organisations,
  to_parent   integer references organisations,            -- null: it ended
  carried_to  integer references organisations,            -- the cell in which the people of one that ended go on
  primary key (act_id, org_id),
  check (to_parent is null or carried_to is null));
create index reorganisation_items_org on reorganisation_items (org_id);

-- Who went from one cell to another without a paper of one's own: the place of a person on a day is
-- the cell of today, back through these.
create table reorganisation_people (
  act_id    bigint not null references reorganisations,
  person_id bigint not null references people,
  from_org  integer not null references organisations,
  to_org    integer not null references organisations,
  primary key (act_id, person_id));
create index reorganisation_people_person on reorganisation_people (person_id);
alter table reorganisation_people enable row level security;
create policy reorganisation_people_seen on reorganisation_people for select to ketnap_app
  using (exists (select from people p where p.id = person_id));
grant select, insert on reorganisations, reorganisation_items to ketnap_app;
grant update (people, undone_by, undone_at) on reorganisations to ketnap_app;
grant select on reorganisation_people to ketnap_app;

-- Milestones keep the way to the top of their own day. Who sees a person or works on one must go on
-- doing so with those of before a reorganisation.
drop policy milestones_seen on milestones;
drop policy milestones_added on milestones;
drop policy milestones_taken_back on milestones;
create policy milestones_seen on milestones for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id));
create policy milestones_added on milestones for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())));
create policy milestones_taken_back on milestones for delete to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())));

-- The count of stages is moved by an act as a whole; its rows then need not be counted one by one.
create or replace function count_stages() returns trigger
  language plpgsql security definer set search_path = public as $$
begin
  if current_setting('ketnap.counted_as_a_whole', true) = 'yes' then return null; end if;
  if tg_op = 'UPDATE' then
    if old.stage = new.stage and old.path = new.path then return null; end if;
    perform pg_advisory_xact_lock(7464001);
    update stage_counts set n = n - 1 where org_id = any(old.path) and stage = old.stage;
  else
    perform pg_advisory_xact_lock(7464001);
  end if;
  insert into stage_counts (org_id, stage, n, path)
    select new.path[i], new.stage, 1, new.path[1:i] from generate_subscripts(new.path, 1) i
    on conflict (org_id, stage) do update set n = stage_counts.n + 1;
  return null;
end $$;

-- Follows the tree with everything that is stored by it: people of some cells may go on in others,
-- and the ways to the top of all that belongs to some organisations are written anew. It works with
-- the owner's rights, since who reorganises need not see people; it gives how many went along.
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

  foreach tbl in array array['introductions', 'decisions', 'ceremonies', 'reviews', 'review_people', 'class_papers', 'submissions',
      'cell_meetings', 'cell_attendance', 'dues', 'warning_answers'] loop
    execute format('update %I set org_id = org_id where org_id = any($1)', tbl) using orgs;
  end loop;
  update introduction_people r set path = i.path from introductions i where i.id = r.introduction_id and i.org_id = any(orgs);
  update stage_counts set path = organisation_path(org_id, day) where org_id = any(orgs);
  update figure_counts set path = organisation_path(org_id, day) where org_id = any(orgs);
  return cardinality(whom);
end $$;

create function carry_people(act bigint, from_cells integer[], to_cells integer[]) returns void
  language sql security definer set search_path = public as $$
  insert into reorganisation_people (act_id, person_id, from_org, to_org)
  select act, p.id, p.org_id, t.into_cell
    from people p join unnest(from_cells, to_cells) t(from_cell, into_cell) on t.from_cell = p.org_id $$;

-- Takes people who went along back to the cells they came from, with follow_the_tree.
create function bring_back(act bigint, orgs integer[]) returns integer
  language plpgsql security definer set search_path = public as $$

begin
  -- Several cells may have gone into one, so that people are told apart by the act, not by their cell.
  perform pg_advisory_xact_lock(7464001);
  perform set_config('ketnap.counted_as_a_whole', 'yes', true);
  update stage_counts c set n = c.n - m.n
    from (select a.org, s.stage, count(*)::integer as n from person_states s join reorganisation_people r on r.person_id = s.person_id, unnest(s.path) a(org)
           where r.act_id = act group by 1, 2) m
   where c.org_id = m.org and c.stage = m.stage;
  update people p set org_id = r.from_org, version = p.version + 1, search_text =
           left(' ' || fold(concat_ws(' ', p.full_name, p.other_name, p.class_name, p.faculty, p.student_no, p.card_no, p.file_no,
             (select v.name from organisation_versions v where v.org_id = r.from_org and v.valid_until is null))), 350)
    from reorganisation_people r where r.act_id = act and p.id = r.person_id;
  update person_states s set org_id = p.org_id, path = p.path
    from people p join reorganisation_people r on r.person_id = p.id where r.act_id = act and s.person_id = p.id;
  update person_mentors m set org_id = p.org_id, path = p.path
    from people p join reorganisation_people r on r.person_id = p.id where r.act_id = act and m.person_id = p.id;
  update member_warnings m set org_id = p.org_id, path = p.path
    from people p join reorganisation_people r on r.person_id = p.id where r.act_id = act and m.person_id = p.id;
  insert into stage_counts (org_id, stage, n, path)
    select a.org, s.stage, count(*)::integer, min(s.path[1:a.i])
      from person_states s join reorganisation_people r on r.person_id = s.person_id, unnest(s.path) with ordinality a(org, i)
     where r.act_id = act group by 1, 2
    on conflict (org_id, stage) do update set n = stage_counts.n + excluded.n, path = excluded.path;
  return follow_the_tree(orgs, '{}', '{}');
end $$;

-- What stands against an act on some organisations, or goes along with it, as bare counts.
create function reorganisation_facts(orgs integer[], ended integer[], day date)
  returns table (people integer, dossiers integer, lying integer, accounts integer, last_step date)
  language sql stable security definer set search_path = public as $$
  select (select count(*)::integer from people where org_id = any(orgs)),
         (select count(*)::integer from submissions where open and org_id = any(orgs)),
         (select count(*)::integer from submissions where open and (at_org = any(ended) or org_id = any(ended))),
         (select count(distinct account_id)::integer from grants
           where org_id = any(orgs || ended) and valid_from <= day and (valid_until is null or valid_until > day)),
         (select max(s.happened_on) from steps s join people p on p.id = s.person_id
           where p.org_id = any(orgs) and s.happened_on >= day) $$;

-- How many steps were recorded about people of some organisations after a step.
create function steps_since(orgs integer[], after bigint) returns integer
  language sql stable security definer set search_path = public as $$
  select count(*)::integer from steps s join people p on p.id = s.person_id where s.id > after and p.org_id = any(orgs) $$;

create function newest_step() returns bigint
  language sql stable security definer set search_path = public as $$ select coalesce(max(id), 0) from steps $$;
