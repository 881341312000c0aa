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
create index reorganisations_time on reorganisations (happened_on desc, id desc);
create index reorganisation_items_org on reorganisation_items (org_id);

-- Who came under another order without a paper of one's own: to another cell, or with the cell (the
-- two are then the same). The place of a person on a day is the cell of today, back through these.
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

-- Grants at what ended that go on at what it went on in, and until when they had been given.
create table reorganisation_grants (
  act_id   bigint not null references reorganisations,
  grant_id bigint not null references grants,
  was      date,
  next_id  bigint,                                         -- taken out again by an undo
  primary key (act_id, grant_id));

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

-- The tables whose rows keep the way to the top of their organisation and write it anew with it; people
-- and what is projected of them are followed apart.
create function placed_tables() returns setof name
  language sql stable set search_path = public
  as $$ select c.relname from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'people'
           and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'path')
           and exists (select from pg_trigger t join pg_attribute a on a.attrelid = c.oid and a.attnum = any(t.tgattr)
                        where t.tgrelid = c.oid and not t.tgisinternal and a.attname = 'org_id')
         order by c.relname $$;

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

  for tbl in select placed_tables() loop
    execute format('update %I set org_id = org_id where org_id = any($1)', tbl) using orgs;
  end loop;
  update transfers set to_org = to_org where to_org = any(orgs);
  update introduction_people r set path = i.path from introductions i where i.id = r.introduction_id and i.org_id = any(orgs);
  update stage_counts set path = organisation_path(org_id, day) where org_id = any(orgs);
  update figure_counts set path = organisation_path(org_id, day) where org_id = any(orgs);
  return cardinality(whom);
end $$;

-- Notes who comes under another order: everybody in some organisations, those of some cells in others.
create function carry_people(act bigint, orgs integer[], from_cells integer[], to_cells integer[]) returns void
  language sql security definer set search_path = public as $$
  insert into reorganisation_people (act_id, person_id, from_org, to_org)
  select act, p.id, p.org_id, coalesce(t.into_cell, p.org_id)
    from people p left join unnest(from_cells, to_cells) t(from_cell, into_cell) on t.from_cell = p.org_id
   where p.org_id = any(orgs || from_cells) $$;

-- Where those of an act who are members count from its day on: they leave the old order on its day and
-- join the new one, by the step that made them members. The same as party.Milestones, for many at once.
create function count_passages(act bigint) returns void
  language plpgsql security definer set search_path = public as $$
declare day date := (select happened_on from reorganisations where id = act);
begin
  create temp table passing on commit drop as
    select c.*, (select p.to_org from reorganisation_people p join reorganisations a on a.id = p.act_id
                  where p.person_id = c.person_id and a.happened_on = day and a.undone_at is null order by a.id desc limit 1) as to_org
      from (select distinct on (m.person_id) m.person_id, m.happened_on, m.step_id, m.org_id, m.path
              from reorganisation_people r join milestones m on m.person_id = r.person_id
             where r.act_id = act and m.figure = 'joined' and m.happened_on < day
             order by m.person_id, m.happened_on desc, m.step_id desc) c
     where not exists (select from milestones l where l.person_id = c.person_id and l.figure = 'left' and l.happened_on < day
                         and (l.happened_on, l.step_id) > (c.happened_on, c.step_id));
  delete from milestones m using passing p
   where m.person_id = p.person_id and m.figure in ('joined', 'left') and m.happened_on = day and m.step_id = p.step_id;
  insert into milestones (person_id, figure, happened_on, step_id, org_id, path)
    select person_id, 'left', day, step_id, org_id, path from passing where to_org is not null
    union all
    select person_id, 'joined', day, step_id, to_org, organisation_path(to_org, day) from passing where to_org is not null;
  drop table passing;
end $$;

-- Takes people who went along back to the cells they came from, with follow_the_tree; the act is
-- marked undone before.
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

-- Lets the grants at what ends go on at what it goes on in (to_orgs), or ends them (null there).
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

create function bring_grants_back(act bigint) returns void
  language sql security definer set search_path = public as $$
  update grants g set valid_until = r.was from reorganisation_grants r where r.act_id = act and g.id = r.grant_id;
  delete from grants g using reorganisation_grants r where r.act_id = act and g.id = r.next_id $$;

-- What stands against an act on some organisations, or goes along with it, as bare counts. What is open
-- at one that ends would be left there.
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

-- How many steps were recorded since an act about people who went along, or who are now at some
-- organisations.
create function steps_since(act bigint, orgs integer[], after bigint) returns integer
  language sql stable security definer set search_path = public as $$
  select count(*)::integer from steps s where s.id > after
     and (exists (select from reorganisation_people r where r.act_id = act and r.person_id = s.person_id)
          or exists (select from people p where p.id = s.person_id and p.org_id = any(orgs))) $$;

create function newest_step() returns bigint
  language sql stable security definer set search_path = public as $$ select coalesce(max(id), 0) from steps $$;
