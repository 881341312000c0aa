-- Yearly assessment of members, and their screening: a sheet of a cell for a year, with a row per member.
create table assessment_sheets (
  id          bigint generated always as identity primary key,
  org_id      integer not null references organisations,   -- the cell
  path        integer[] not null,
  kind        text not null check (kind in ('assessment', 'screening')),
  year        integer not null check (year between 2018 and 2200),
  met_on      date not null,
  minutes_no  text not null default '',
  voters      integer not null default 0 check (voters >= 0),
  approved_on date,                                          -- by the grassroots committee
  approval_no text not null default '',
  version     integer not null default 1,
  recorded_by bigint not null,
  recorded_at timestamptz not null default now(),
  changed_by  bigint not null,
  changed_at  timestamptz not null default now(),
  unique (org_id, kind, year));
create trigger assessment_sheets_placed before insert or update of org_id, path on assessment_sheets
  for each row execute function place_by_organisation();
create index assessment_sheets_year on assessment_sheets (year, kind, org_id);

-- A member's year. He is rated once, wherever he moved within it.
create table assessments (
  person_id  bigint not null references people,
  full_name  text not null,                                  -- as it stands in the minutes
  year       integer not null,
  sheet_id   bigint not null references assessment_sheets,
  org_id     integer not null references organisations,
  path       integer[] not null,
  self       text not null default '' check (self in ('', 'excellent', 'good', 'done', 'failed')),
  proposed   text not null default '' check (proposed in ('', 'excellent', 'good', 'done', 'failed')),
  in_favour  integer not null default 0 check (in_favour >= 0),
  exempt     text not null default '' check (exempt in ('', 'new', 'excused', 'suspended')),
  level      text not null default '' check (level in ('', 'excellent', 'good', 'done', 'failed')), -- as approved
  note       text not null default '',
  changed_by bigint not null,
  changed_at timestamptz not null default now(),
  primary key (person_id, year),
  check (exempt = '' or (proposed = '' and level = '')));
create trigger assessments_placed before insert or update of org_id, path on assessments
  for each row execute function place_by_organisation();
create index assessments_sheet on assessments (sheet_id);
create index assessments_year on assessments (year, org_id);

-- Who is on a year's list of the screening, what is done about him, and how a watch ended.
create table screenings (
  person_id   bigint not null references people,
  full_name   text not null,
  year        integer not null,
  sheet_id    bigint not null references assessment_sheets,
  org_id      integer not null references organisations,
  path        integer[] not null,
  category    text not null check (category in ('tasks', 'transfer', 'breach', 'standing')),
  proposed    text not null default '' check (proposed in ('', 'helped', 'watched', 'asked', 'removed')),
  outcome     text not null default '' check (outcome in ('', 'helped', 'watched', 'asked', 'removed')), -- as approved
  watch_until date,
  result      text not null default '' check (result in ('', 'improved', 'not_improved')),
  result_on   date,
  note        text not null default '',
  changed_by  bigint not null,
  changed_at  timestamptz not null default now(),
  primary key (person_id, year),
  check (watch_until is null or outcome = 'watched'),
  check ((result <> '') = (result_on is not null)));
create trigger screenings_placed before insert or update of org_id, path on screenings
  for each row execute function place_by_organisation();
create index screenings_sheet on screenings (sheet_id);
create index screenings_year on screenings (year, org_id);
create index screenings_watched on screenings (watch_until, person_id) where watch_until is not null and result = '';

alter table assessment_sheets enable row level security;
alter table assessments enable row level security;
alter table screenings enable row level security;

create policy assessment_sheets_seen on assessment_sheets for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()));
create policy assessment_sheets_added on assessment_sheets for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy assessment_sheets_changed on assessment_sheets for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));

-- Whoever sees a member sees how he was rated in the cells in which he was before.
create policy assessments_seen on assessments for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()) or exists (select from people p where p.id = person_id));
create policy assessments_added on assessments for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy assessments_changed on assessments for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy assessments_taken_back on assessments for delete to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy screenings_seen on screenings for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()) or exists (select from people p where p.id = person_id));
create policy screenings_added on screenings for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy screenings_changed on screenings for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy screenings_taken_back on screenings for delete to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));

grant select, insert, update on assessment_sheets to ketnap_app;
grant select, insert, update, delete on assessments, screenings to ketnap_app;
