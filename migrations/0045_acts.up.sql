-- Acts that found an organisation, alter what it is, or part the people of a cell; what has ended stands
-- in sight below what it went on in.

-- A foundation may be entered without its decision, as part of an order that stood before.
alter table reorganisations
  drop constraint reorganisations_kind_check,
  drop constraint reorganisations_decision_number_check,
  drop constraint reorganisations_issuer_check,
  alter column decision_date drop not null,
  add constraint reorganisations_kind_check check (kind in ('found', 'alter', 'move', 'merge', 'split', 'end')),
  add constraint reorganisations_decided check (decision_number <> '' and decision_date is not null and issuer <> ''
    or kind = 'found' and decision_number = '' and decision_date is null and issuer = '');
alter table reorganisation_items
  alter column from_parent drop not null,                  -- the top may be altered
  add column was       jsonb,                              -- name, code, kind and school until then, in acts of this version on
  add column became    jsonb,                              -- and since, where they change
  add column rewritten boolean not null default false;     -- its attributes until then had begun on the same day

-- Where an organisation stands on a day; of one that has ended, itself below what it went on in, or else
-- below what it stood under last, wherever that stands.
create function standing_path(org integer, day date) returns integer[]
  language plpgsql stable set search_path = public as $$
declare
  at   integer := org;
  way  integer[] := organisation_path(org, day);
  tail integer[] := '{}';
begin
  while way = '{}' and cardinality(tail) < 50 loop
    tail := at || tail;
    select coalesce(i.carried_to, case when r.kind = 'merge' then r.into_org end, i.from_parent) into at
      from reorganisation_items i join reorganisations r on r.id = i.act_id
     where i.org_id = at and i.to_parent is null and r.undone_at is null order by r.id desc limit 1;
    if at is null then return '{}'; end if;
    way := organisation_path(at, day);
  end loop;
  return case when way = '{}' then way else way || tail end;
end $$;

-- What is entered belongs to an organisation that stands; what was entered stays with it when it ends.
create or replace function place_by_organisation() returns trigger language plpgsql as $$
declare day date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
begin
  new.path := case when tg_op = 'INSERT' then organisation_path(new.org_id, day) else standing_path(new.org_id, day) end;
  if new.path = '{}' then
    raise exception 'organisation % has no place in the tree today', new.org_id using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;

drop trigger introductions_placed on introductions;
create trigger introductions_placed before insert or update of org_id, path on introductions
  for each row execute function place_by_organisation();

create or replace function place_transfer() returns trigger language plpgsql as $$
declare day date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
begin
  if tg_op = 'INSERT' then
    new.path := organisation_path(new.org_id, day);
    new.to_path := case when new.to_org is null then '{}' else organisation_path(new.to_org, day) end;
  else
    new.path := standing_path(new.org_id, day);
    new.to_path := case when new.to_org is null then '{}' else standing_path(new.to_org, day) end;
  end if;
  if new.path = '{}' or new.to_org is not null and new.to_path = '{}' then
    raise exception 'organisations % and %: one has no place in the tree today', new.org_id, new.to_org using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;

-- What a search looks at in somebody (as package people writes it).
create function person_search_text(p people) returns text
  language sql stable set search_path = public
  as $$ select left(' ' || fold(concat_ws(' ', p.full_name, p.other_name, p.class_name, p.faculty, p.student_no, p.card_no, p.file_no,
                (select v.name from organisation_versions v where v.org_id = p.org_id and v.valid_until is null))), 350) $$;

-- Lets a search find people by what their organisations are called now.
create function rename_in_search(orgs integer[]) returns void
  language sql security definer set search_path = public
  as $$ update people p set search_text = person_search_text(p) where p.org_id = any(orgs) $$;

-- Brings an act's people to the cells in which they go on, or back, with all that is stored of them.
create function move_people(act bigint, back boolean) returns void
  language plpgsql security definer set search_path = public as $$
declare whom bigint[];
begin
  select array_agg(person_id) into whom from reorganisation_people where act_id = act and from_org <> to_org;
  if whom is null then return; end if;
  perform pg_advisory_xact_lock(7464001);
  perform set_config('ketnap.counted_as_a_whole', 'yes', true);
  update stage_counts c set n = c.n - m.n
    from (select a.org, s.stage, count(*)::integer as n from person_states s, unnest(s.path) a(org) where s.person_id = any(whom) group by 1, 2) m
   where c.org_id = m.org and c.stage = m.stage;
  update people p set org_id = case when back then r.from_org else r.to_org end, version = p.version + 1
    from reorganisation_people r where r.act_id = act and r.from_org <> r.to_org and p.id = r.person_id;
  update people p set search_text = person_search_text(p) where p.id = any(whom);
  update person_states s set org_id = p.org_id, path = p.path from people p where p.id = s.person_id and p.id = any(whom);
  update person_mentors m set org_id = p.org_id, path = p.path from people p where p.id = m.person_id and p.id = any(whom);
  update member_warnings m set org_id = p.org_id, path = p.path from people p where p.id = m.person_id and p.id = any(whom);
  insert into stage_counts (org_id, stage, n, path)
    select a.org, s.stage, count(*)::integer, min(s.path[1:a.i]) from person_states s, unnest(s.path) with ordinality a(org, i)
     where s.person_id = any(whom) group by 1, 2
    on conflict (org_id, stage) do update set n = stage_counts.n + excluded.n, path = excluded.path;
end $$;

-- Follows the tree with everything that is stored by it, for organisations whose way to the top has changed
-- and for all that has ended. It works with the owner's rights, since who reorganises need not see people.
create function follow_the_tree(orgs integer[]) returns void
  language plpgsql security definer set search_path = public as $$
declare
  day  date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
  whom bigint[];
  tbl  text;
begin
  perform pg_advisory_xact_lock(7464001);
  perform set_config('ketnap.counted_as_a_whole', 'yes', true);
  select coalesce(array_agg(id), '{}') into whom from people where org_id = any(orgs);
  update stage_counts c set n = c.n - m.n
    from (select a.org, s.stage, count(*)::integer as n from person_states s, unnest(s.path) a(org) where s.person_id = any(whom) group by 1, 2) m
   where c.org_id = m.org and c.stage = m.stage;
  update people set org_id = org_id where id = any(whom);
  update person_states s set path = p.path from people p where p.id = s.person_id and p.id = any(whom);
  update person_mentors m set path = p.path from people p where p.id = m.person_id and p.id = any(whom);
  update member_warnings m set path = p.path from people p where p.id = m.person_id and p.id = any(whom);
  insert into stage_counts (org_id, stage, n, path)
    select a.org, s.stage, count(*)::integer, min(s.path[1:a.i]) from person_states s, unnest(s.path) with ordinality a(org, i)
     where s.person_id = any(whom) group by 1, 2
    on conflict (org_id, stage) do update set n = stage_counts.n + excluded.n, path = excluded.path;

  create temp table relaid on commit drop as
    select id as org, organisation_path(id, day) as way from unnest(orgs) id
    union
    select e.org_id, standing_path(e.org_id, day)
      from (select distinct i.org_id from reorganisation_items i join reorganisations r on r.id = i.act_id
             where i.to_parent is null and r.undone_at is null) e
     where organisation_path(e.org_id, day) = '{}';
  for tbl in select placed_tables() loop
    if tbl = 'transfers' then
      update transfers t set org_id = t.org_id from relaid p where t.org_id = p.org and t.path <> p.way;
      update transfers t set to_org = t.to_org from relaid p where t.to_org = p.org and t.to_path <> p.way;
    else
      execute format('update %I t set org_id = t.org_id from relaid p where t.org_id = p.org and t.path <> p.way', tbl);
    end if;
  end loop;
  update introduction_people r set path = i.path from introductions i, relaid p where i.id = r.introduction_id and i.org_id = p.org and r.path <> i.path;
  update stage_counts c set path = p.way from relaid p where c.org_id = p.org and c.path <> p.way;
  update figure_counts c set path = p.way from relaid p where c.org_id = p.org and c.path <> p.way;
  drop table relaid;
end $$;

drop function bring_back(bigint, integer[]);
drop function follow_the_tree(integer[], integer[], integer[]);

-- Notes the people of a cell who go on in others, one by one.
create function carry_named(act bigint, whom bigint[], to_orgs integer[]) returns void
  language sql security definer set search_path = public as $$
  insert into reorganisation_people (act_id, person_id, from_org, to_org)
  select act, p.id, p.org_id, t.org from unnest(whom, to_orgs) t(person, org) join people p on p.id = t.person $$;

-- How many go along with an act, and in which cells they go on who change theirs.
create function count_act_people(act bigint) returns integer
  language sql security definer set search_path = public
  as $$ with n as (select count(*)::integer as n from reorganisation_people where act_id = act)
        update reorganisations set people = n.n from n where id = act returning people $$;
create function goals_of_act(act bigint) returns table (to_org integer, people integer)
  language sql stable security definer set search_path = public
  as $$ select to_org, count(*)::integer from reorganisation_people where act_id = act and from_org <> to_org group by 1 $$;

-- Counts a term's figures anew for organisations whose kind has changed: they are kept for some kinds only.
create function recount_figures(orgs integer[]) returns void
  language plpgsql security definer set search_path = public as $$
declare day date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
begin
  perform pg_advisory_xact_lock(7464001);
  delete from figure_counts where org_id = any(orgs);
  insert into figure_counts (org_id, figure, month, n, path)
  select a.org, m.figure, date_trunc('month', m.happened_on)::date, count(*)::integer, standing_path(a.org, day)
    from milestones m, unnest(m.path) a(org)
   where m.path && orgs and a.org = any(orgs)
     and exists (select from organisation_versions v where v.org_id = a.org and v.kind in ('upper_committee', 'grassroots_committee', 'grassroots_cell'))
   group by 1, 2, 3;
end $$;

-- The grants at what an act ends, with who has them, for as many as a page shows.
create function grants_at(orgs integer[], day date, most integer)
  returns table (id bigint, name text, username text, role text, org_id integer)
  language sql stable security definer set search_path = public as $$
  select g.id, a.name, a.username, g.role, g.org_id from grants g join accounts a on a.id = g.account_id
   where g.org_id = any(orgs) and a.disabled_at is null and (g.valid_until is null or g.valid_until > day)
   order by a.name, g.id limit most $$;

-- Lets the grants at what ends go on where they are named (0: nowhere), the others at one organisation or
-- nowhere (0).
drop function pass_grants(bigint, integer[], integer[], date);
create function pass_grants(act bigint, ended integer[], named bigint[], named_to integer[], rest_to integer, today date) returns integer
  language plpgsql security definer set search_path = public as $$
declare
  g    record;
  made bigint;
  n    integer := 0;
begin
  for g in select r.*, nullif(coalesce(t.org, rest_to), 0) as into_org from grants r left join unnest(named, named_to) t(id, org) on t.id = r.id
            where r.org_id = any(ended) and (r.valid_until is null or r.valid_until > today) order by r.id for update of r loop
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

-- What stands against an act on some organisations or people, or goes along with it, as bare counts. What
-- is open at what ends, or about people who go elsewhere one by one, would be left there.
drop function reorganisation_facts(integer[], integer[], date);
create function reorganisation_facts(orgs integer[], ended integer[], whom bigint[], day date)
  returns table (people integer, members integer, dossiers integer, papers integer, accounts integer, lying integer, last_step date)
  language sql stable security definer set search_path = public as $$
  with them as (select p.id from people p where whom is null and p.org_id = any(orgs) union all select p.id from people p where p.id = any(whom))
  select (select count(*)::integer from them),
         (select count(*)::integer from them join person_states s on s.person_id = them.id where s.stage in ('probationary', 'official')),
         (select count(*)::integer from submissions where open and (whom is null and org_id = any(orgs) or person_id = any(whom))),
         (select count(*)::integer from transfers where open and (whom is null and (org_id = any(orgs) or to_org = any(orgs)) or person_id = any(whom))),
         (select count(distinct account_id)::integer from grants
           where org_id = any(orgs || ended) and valid_from <= day and (valid_until is null or valid_until > day)),
         (select (select count(*) from submissions where open and (at_org = any(ended) or org_id = any(ended) or person_id = any(whom)))
               + (select count(*) from transfers where open and (org_id = any(ended) or to_org = any(ended) or person_id = any(whom)))
               + (select count(*) from departure_cases where open and (org_id = any(ended) or person_id = any(whom))))::integer,
         (select max(s.happened_on) from steps s join them on them.id = s.person_id where s.happened_on >= day) $$;

-- How many people belong to a cell, whoever asks.
create function people_in(org integer) returns integer
  language sql stable security definer set search_path = public as $$ select count(*)::integer from people where org_id = org $$;

-- Whether anything names an organisation beside its own foundation: then it is there for good.
create function organisation_in_use(org integer, foundation bigint) returns boolean
  language plpgsql stable security definer set search_path = public as $$
declare
  r    record;
  used boolean;
begin
  for r in select c.conrelid::regclass as tbl, a.attname as col from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
            where c.contype = 'f' and c.confrelid = 'organisations'::regclass
              and not (c.conrelid in ('organisation_versions'::regclass, 'organisation_tree'::regclass) and a.attname in ('org_id', 'descendant_id')) loop
    if r.tbl = 'reorganisation_items'::regclass then
      select exists (select from reorganisation_items i join reorganisations x on x.id = i.act_id
                      where x.id <> foundation and x.undone_at is null and org in (i.org_id, i.from_parent, i.to_parent, i.carried_to)) into used;
    elsif r.tbl = 'reorganisations'::regclass then
      select exists (select from reorganisations x where x.id <> foundation and x.undone_at is null and x.into_org = org) into used;
    elsif r.tbl = 'reorganisation_people'::regclass then
      select exists (select from reorganisation_people p join reorganisations x on x.id = p.act_id where x.undone_at is null and org in (p.from_org, p.to_org)) into used;
    elsif r.tbl = 'organisation_tree'::regclass then
      select exists (select from organisation_tree where ancestor_id = org and descendant_id <> org) into used;
    else
      execute format('select exists (select from %s where %I = $1)', r.tbl, r.col) using org into used;
    end if;
    if used then return true; end if;
  end loop;
  return false;
end $$;

-- The organisations of which something is stored that keeps another way to the top than theirs.
create function misplaced() returns table (org integer)
  language plpgsql stable security definer set search_path = public as $$
declare
  day date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
  tbl text;
begin
  for tbl in select placed_tables() union all select 'people' loop
    return query execute format('select s.org_id from (select distinct org_id, path from %I) s where s.path <> standing_path(s.org_id, $1)', tbl) using day;
  end loop;
  return query select s.to_org from (select distinct to_org, to_path from transfers where to_org is not null) s where s.to_path <> standing_path(s.to_org, day);
end $$;

-- A term's figures of cells with what they were before: of cells whose people went on in them, and of the
-- time when they stood elsewhere. Whoever sees the cells now sees these counts, as bare numbers.
create function counts_of_succession(cells integer[], figures text[], starts date, until date, from_ever text[])
  returns table (org_id integer, figure text, month date, occasion text, n integer)
  language sql stable security definer set search_path = public as $$
  select m.org_id, m.figure, date_trunc('month', m.happened_on)::date, m.occasion, count(*)::integer from milestones m
   where m.org_id = any(cells) and m.figure = any(figures) and m.happened_on <= until and (m.happened_on >= starts or m.figure = any(from_ever))
     and (viewer_is_system() or m.org_id = any(array(
          select c from unnest(cells) c where standing_path(c, (now() at time zone 'Asia/Ho_Chi_Minh')::date) && viewer_people_scope())))
   group by 1, 2, 3, 4 $$;

-- What ended before this version takes its place now.
select follow_the_tree('{}');
