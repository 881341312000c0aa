-- People and what happened to them. Row-level security bounds all of it by the viewer's
-- organisations; path is the way from the root to the person's organisation and is kept by a
-- trigger, so that no writer can place somebody elsewhere by mistake.

create function viewer_write_scope() returns integer[]
  language sql stable parallel safe security definer set search_path = public
  as $$ select coalesce(array_agg(distinct org_id), '{}') from grants g join accounts a on a.id = g.account_id
         where g.account_id = viewer_account() and a.disabled_at is null
           and role in ('staff', 'leader', 'organiser', 'grassroots', 'secretary', 'introducer')
           and valid_from <= (now() at time zone 'Asia/Ho_Chi_Minh')::date
           and (valid_until is null or valid_until > (now() at time zone 'Asia/Ho_Chi_Minh')::date) $$;

create table people (
  id                  bigint generated always as identity primary key,
  org_id              integer not null references organisations,
  path                integer[] not null,
  category            text not null check (category in ('pupil', 'student', 'staff')),
  full_name           text not null check (full_name <> ''),
  other_name          text not null default '',          -- birth name, alias
  sort_key            bytea not null,                     -- Vietnamese order: given, family, middle name
  search_text         text not null,                      -- folded name, class, faculty, student and member numbers
  sex                 text not null default '' check (sex in ('', 'male', 'female')),
  birth_date          date not null,
  birth_place         text not null default '',
  origin              text not null default '',           -- quê quán, by its name at the time
  address             text not null default '',
  ethnicity           text not null default '',           -- name; codes differ between lists
  religion            text not null default '',           -- 'không' differs from not stated
  education           text not null default '' check (education in ('', 'primary', 'lower_secondary', 'upper_secondary', 'tertiary')),
  student_no          text not null default '',
  class_name          text not null default '',
  faculty             text not null default '',
  union_joined_on     date,
  phone               text not null default '',
  email               text not null default '',
  card_no             text not null default '',           -- NN.NNNNNN
  file_no             text not null default '',
  personal_no_cipher  bytea,                              -- 12 digits, encrypted
  personal_no_index   bytea,                              -- keyed hash for exact look-up
  introduced_by       bigint references accounts,         -- the introducer's account, who keeps sight
  version             integer not null default 1,
  recorded_by         bigint not null,
  recorded_at         timestamptz not null default now(),
  changed_by          bigint not null,
  changed_at          timestamptz not null default now());

create function place_person() returns trigger language plpgsql as $$
begin
  new.path := organisation_path(new.org_id, (now() at time zone 'Asia/Ho_Chi_Minh')::date);
  if new.path = '{}' then
    raise exception 'organisation % has no place in the tree today', new.org_id using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
create trigger people_placed before insert or update of org_id, path on people
  for each row execute function place_person();

create index people_search on people using gin (path, search_text gin_trgm_ops) with (fastupdate = off);
create index people_search_all on people using gin (search_text gin_trgm_ops) with (fastupdate = off);
create index people_org on people (org_id);
create index people_duplicate on people (fold(full_name), birth_date);
create index people_personal_no on people (personal_no_index) where personal_no_index is not null;
create index people_introduced_by on people (introduced_by) where introduced_by is not null;

-- What happened. Only ever added to.
create table steps (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references people,
  kind        text not null,
  happened_on date not null,
  org_id      integer not null references organisations,
  facts       jsonb not null default '{}',
  papers      jsonb not null default '[]',
  voids_id    bigint unique references steps,              -- the step that this one voids
  corrects_id bigint references steps,                     -- the voided step that this one replaces
  recorded_by bigint not null,
  recorded_at timestamptz not null default now());
create index steps_person on steps (person_id, happened_on, id);

-- Projection of a person's steps: one row a person, rewritten with each step; `ketnap check`
-- recomputes it. o1…o6 are the ancestors by depth, for lists bounded by any organisation.
create table person_states (
  person_id      bigint primary key references people,
  org_id         integer not null,
  path           integer[] not null,
  o1 integer generated always as (path[2]) stored,
  o2 integer generated always as (path[3]) stored,
  o3 integer generated always as (path[4]) stored,
  o4 integer generated always as (path[5]) stored,
  o5 integer generated always as (path[6]) stored,
  o6 integer generated always as (path[7]) stored,
  sort_key       bytea not null,
  stage          text not null,
  stage_since    date,
  next_kind      text not null default '',                 -- the step that is awaited
  due_on         date,                                     -- its deadline, where a rule sets one
  due_rule       text not null default '',
  joined_on      date,
  official_on    date,
  party_age_from date,
  check (cardinality(path) between 1 and 7));

create index person_states_all   on person_states (sort_key, person_id);
create index person_states_stage on person_states (stage, sort_key, person_id);
create index person_states_o1 on person_states (o1, sort_key, person_id) where o1 is not null;
create index person_states_o2 on person_states (o2, sort_key, person_id) where o2 is not null;
create index person_states_o3 on person_states (o3, sort_key, person_id) where o3 is not null;
create index person_states_o4 on person_states (o4, sort_key, person_id) where o4 is not null;
create index person_states_o5 on person_states (o5, sort_key, person_id) where o5 is not null;
create index person_states_o6 on person_states (o6, sort_key, person_id) where o6 is not null;
create index person_states_o1_stage on person_states (o1, stage, sort_key, person_id) where o1 is not null;
create index person_states_o2_stage on person_states (o2, stage, sort_key, person_id) where o2 is not null;
create index person_states_o3_stage on person_states (o3, stage, sort_key, person_id) where o3 is not null;
create index person_states_o4_stage on person_states (o4, stage, sort_key, person_id) where o4 is not null;
create index person_states_o5_stage on person_states (o5, stage, sort_key, person_id) where o5 is not null;
create index person_states_o6_stage on person_states (o6, stage, sort_key, person_id) where o6 is not null;
create index person_states_due on person_states (due_on, person_id) where due_on is not null;
create index person_states_due_o1 on person_states (o1, due_on, person_id) where due_on is not null;
create index person_states_due_o2 on person_states (o2, due_on, person_id) where due_on is not null;
create index person_states_due_o3 on person_states (o3, due_on, person_id) where due_on is not null;

-- How many people stand at each stage, kept for every organisation above them: the counts of tabs.
create table stage_counts (
  org_id integer not null,
  stage  text not null,
  n      integer not null,
  path   integer[] not null,
  primary key (org_id, stage));

-- Projection: the days on which a person came to count in a figure (party.Milestones), for
-- figures and for the names behind them.
create table milestones (
  person_id   bigint not null references people,
  figure      text not null,
  happened_on date not null,
  step_id     bigint not null references steps,
  org_id      integer not null,
  path        integer[] not null,
  primary key (person_id, figure, happened_on, step_id));
create index milestones_org on milestones (org_id, figure, happened_on);
create index milestones_all on milestones (figure, happened_on, person_id);

-- Milestones counted by month for grassroots organisations and all above them.
create table figure_counts (
  org_id integer not null,
  figure text not null,
  month  date not null,
  n      integer not null,
  path   integer[] not null,
  primary key (org_id, figure, month));

alter table people enable row level security;
alter table steps enable row level security;
alter table person_states enable row level security;
alter table stage_counts enable row level security;
alter table milestones enable row level security;
alter table figure_counts enable row level security;

create policy people_seen on people for select to ketnap_app
  using (path && (select viewer_people_scope()) or introduced_by = (select viewer_account()) or (select viewer_is_system()));
create policy people_added on people for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy people_changed on people for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()))
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));

create policy steps_seen on steps for select to ketnap_app
  using (exists (select from people p where p.id = person_id));
create policy steps_added on steps for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));

create policy person_states_seen on person_states for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.introduced_by = (select viewer_account())));
create policy person_states_added on person_states for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy person_states_changed on person_states for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));

create policy milestones_seen on milestones for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.introduced_by = (select viewer_account())));
create policy milestones_added on milestones for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy milestones_taken_back on milestones for delete to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));

-- Counts are read within one's scope. They are changed only by the two triggers below, with the
-- owner's rights, since a secretary's step changes the counts of committees above, which he may
-- not read. The triggers run at commit and one at a time, so that the rows of the root are held
-- for the shortest time and two writers never wait for each other in a ring.
create policy stage_counts_seen on stage_counts for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()));
create policy figure_counts_seen on figure_counts for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()));

create function count_stages() returns trigger
  language plpgsql security definer set search_path = public as $$
begin
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
create constraint trigger person_states_counted after insert or update on person_states
  deferrable initially deferred for each row execute function count_stages();

create function count_figures() returns trigger
  language plpgsql security definer set search_path = public as $$
declare m milestones; delta integer := 1;
begin
  if tg_op = 'DELETE' then m := old; delta := -1; else m := new; end if;
  perform pg_advisory_xact_lock(7464001);
  insert into figure_counts (org_id, figure, month, n, path)
    select m.path[i], m.figure, date_trunc('month', m.happened_on)::date, delta, m.path[1:i]
      from generate_subscripts(m.path, 1) i
     where exists (select from organisation_versions v where v.org_id = m.path[i]
                    and v.kind in ('upper_committee', 'grassroots_committee', 'grassroots_cell'))
    on conflict (org_id, figure, month) do update set n = figure_counts.n + delta;
  return null;
end $$;
create constraint trigger milestones_counted after insert or delete on milestones
  deferrable initially deferred for each row execute function count_figures();

-- Who else may be the same person: same folded name and birth date, or same personal number,
-- also outside the viewer's scope, of which only the fact that there is one is told.
create function possible_duplicates(name text, born date, number_index bytea, except_id bigint)
  returns table (person_id bigint, same_number boolean)
  language sql stable security definer set search_path = public
  as $$ select case when p.path && viewer_people_scope() or p.introduced_by = viewer_account() then p.id end,
               coalesce(p.personal_no_index = number_index, false)
          from people p
         where p.id <> except_id and viewer_account() > 0
           and (fold(p.full_name) = fold(name) and p.birth_date = born or p.personal_no_index = number_index)
         order by p.id limit 10 $$;

grant select, insert on people, steps to ketnap_app;
grant update on people to ketnap_app;
grant select, insert, update on person_states to ketnap_app;
grant select, insert, delete on milestones to ketnap_app;
grant select on stage_counts, figure_counts to ketnap_app;
