-- What the members of a cell do each month: meetings with who came, and dues.
create table cell_meetings (
  id          bigint generated always as identity primary key,
  org_id      integer not null references organisations,
  path        integer[] not null,
  month       date not null check (extract(day from month) = 1),
  kind        text not null check (kind in ('regular', 'thematic')),
  held_on     date not null,
  minutes_no  text not null default '',
  topic       text not null default '',
  version     integer not null default 1,
  recorded_by bigint not null,
  recorded_at timestamptz not null default now(),
  changed_by  bigint not null,
  changed_at  timestamptz not null default now(),
  check (date_trunc('month', held_on)::date = month),
  unique (org_id, month, kind));
create trigger cell_meetings_placed before insert or update of org_id, path on cell_meetings
  for each row execute function place_by_organisation();

create table cell_attendance (
  meeting_id bigint not null references cell_meetings,
  person_id  bigint not null references people,
  org_id     integer not null references organisations,
  path       integer[] not null,
  held_on    date not null,                                -- of the meeting
  state      text not null check (state in ('present', 'excused', 'absent')),
  changed_by bigint not null,
  changed_at timestamptz not null default now(),
  primary key (meeting_id, person_id));
create trigger cell_attendance_placed before insert or update of org_id, path on cell_attendance
  for each row execute function place_by_organisation();
create index cell_attendance_person on cell_attendance (person_id, held_on);

create table dues (
  person_id  bigint not null references people,
  month      date not null check (extract(day from month) = 1),
  org_id     integer not null references organisations,
  path       integer[] not null,
  state      text not null check (state in ('paid', 'unpaid')),
  amount     integer not null default 0 check (amount >= 0), -- đồng
  changed_by bigint not null,
  changed_at timestamptz not null default now(),
  primary key (person_id, month),
  check ((state = 'paid') = (amount > 0)));
create trigger dues_placed before insert or update of org_id, path on dues
  for each row execute function place_by_organisation();

-- What was done about a warning. The day from which it was told says which one it was.
create table warning_answers (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references people,
  org_id      integer not null references organisations,
  path        integer[] not null,
  kind        text not null,
  level       integer not null,
  from_day    date not null,
  words       text not null check (words <> ''),
  recorded_by bigint not null,
  recorded_at timestamptz not null default now());
create trigger warning_answers_placed before insert or update of org_id, path on warning_answers
  for each row execute function place_by_organisation();
create index warning_answers_person on warning_answers (person_id, id desc);

-- Projection: what is told of a member from which day, to the cell, to the grassroots organisation and
-- to the committee above; `ketnap check` recomputes it.
create table member_warnings (
  person_id bigint not null references people,
  kind      text not null,
  level     integer not null,
  cell_day  date not null,
  base_day  date,
  upper_day date,
  until_day date,                                          -- says nothing more from this day on
  answered  boolean not null default false,
  org_id    integer not null,
  path      integer[] not null,
  o1 integer generated always as (path[2]) stored,
  o2 integer generated always as (path[3]) stored,
  o3 integer generated always as (path[4]) stored,
  o4 integer generated always as (path[5]) stored,
  o5 integer generated always as (path[6]) stored,
  o6 integer generated always as (path[7]) stored,
  primary key (person_id, kind, level, cell_day));
create index member_warnings_upper on member_warnings (upper_day desc, person_id desc, kind, level) where not answered;
create index member_warnings_o1_upper on member_warnings (o1, upper_day desc, person_id desc) where not answered;
create index member_warnings_o1_base on member_warnings (o1, base_day desc, person_id desc) where not answered;
create index member_warnings_o1_cell on member_warnings (o1, cell_day desc, person_id desc) where not answered;
create index member_warnings_o2_base on member_warnings (o2, base_day desc, person_id desc) where not answered;
create index member_warnings_o2_cell on member_warnings (o2, cell_day desc, person_id desc) where not answered;
create index member_warnings_o3_cell on member_warnings (o3, cell_day desc, person_id desc) where not answered;

alter table cell_meetings enable row level security;
alter table cell_attendance enable row level security;
alter table dues enable row level security;
alter table warning_answers enable row level security;
alter table member_warnings enable row level security;

create policy cell_meetings_seen on cell_meetings for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()));
create policy cell_meetings_added on cell_meetings for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy cell_meetings_changed on cell_meetings for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));

-- Whoever sees a member sees what he did in the cells in which he was before.
create policy cell_attendance_seen on cell_attendance for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()) or exists (select from people p where p.id = person_id));
create policy cell_attendance_added on cell_attendance for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy cell_attendance_changed on cell_attendance for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy dues_seen on dues for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()) or exists (select from people p where p.id = person_id));
create policy dues_added on dues for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy dues_changed on dues for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())));
create policy warning_answers_seen on warning_answers for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()) or exists (select from people p where p.id = person_id));
create policy warning_answers_added on warning_answers for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy member_warnings_seen on member_warnings for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()));
create policy member_warnings_added on member_warnings for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy member_warnings_taken_back on member_warnings for delete to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));

grant select, insert, update on cell_meetings, cell_attendance, dues to ketnap_app;
grant select, insert on warning_answers to ketnap_app;
grant select, insert, delete on member_warnings to ketnap_app;
