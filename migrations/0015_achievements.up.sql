-- How people do at school, and what they were honoured for. Who may see a person's row is asked of
-- people itself, so that both walls stay where the person is, wherever he moves.
create table study_results (
  id            bigint generated always as identity primary key,
  person_id     bigint not null references people,
  school_year   integer not null check (school_year between 1990 and 2100),   -- in which it began
  semester      smallint not null check (semester between 0 and 2),           -- 0 the whole year
  study         text not null default '' check (study in ('', 'excellent', 'good', 'fair', 'average', 'weak')),
  gpa           numeric(5,2),
  gpa_scale     smallint check (gpa_scale in (4, 10, 100)),
  conduct       text not null default '' check (conduct in ('', 'excellent', 'good', 'fair', 'average', 'weak')),
  conduct_score smallint check (conduct_score between 1 and 100),
  version       integer not null default 1,
  recorded_by   bigint not null,
  recorded_at   timestamptz not null default now(),
  changed_by    bigint not null,
  changed_at    timestamptz not null default now(),
  check ((gpa is null) = (gpa_scale is null) and gpa >= 0 and gpa <= gpa_scale),
  unique (person_id, school_year, semester));

create table titles (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references people,
  school_year integer not null check (school_year between 1990 and 2100),
  kind        text not null check (kind in ('pupil_prize_school', 'pupil_prize_province', 'pupil_prize_national', 'student_good',
                'three_good', 'five_good', 'union_merit', 'campaign', 'other_title')),
  level       text not null check (level in ('school', 'commune', 'province', 'national')),
  name        text not null default '',
  awarded_on  date not null,
  issuer      text not null default '',
  version     integer not null default 1,
  recorded_by bigint not null,
  recorded_at timestamptz not null default now(),
  changed_by  bigint not null,
  changed_at  timestamptz not null default now(),
  check (name <> '' or kind not in ('campaign', 'other_title')));
create index titles_person on titles (person_id, awarded_on);

-- What an organisation asks of candidates beyond the regulations, from a day on. Only ever added to;
-- criteria set twice for one day are those set last.
create table local_criteria (
  id           bigint generated always as identity primary key,
  org_id       integer not null references organisations,
  valid_from   date not null,
  study        text not null default '' check (study in ('', 'excellent', 'good', 'fair', 'average', 'weak')),
  conduct      text not null default '' check (conduct in ('', 'excellent', 'good', 'fair', 'average', 'weak')),
  needs_title  boolean not null default false,
  union_months smallint not null default 0 check (union_months between 0 and 120),
  recorded_by  bigint not null,
  recorded_at  timestamptz not null default now());
create index local_criteria_org on local_criteria (org_id, valid_from, id);

alter table study_results enable row level security;
alter table titles enable row level security;

create policy study_results_seen on study_results for select to ketnap_app
  using (exists (select from people p where p.id = person_id));
create policy study_results_added on study_results for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy study_results_changed on study_results for update to ketnap_app
  using (exists (select from people p where p.id = person_id
           and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy study_results_removed on study_results for delete to ketnap_app
  using (exists (select from people p where p.id = person_id
           and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));

create policy titles_seen on titles for select to ketnap_app
  using (exists (select from people p where p.id = person_id));
create policy titles_added on titles for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy titles_changed on titles for update to ketnap_app
  using (exists (select from people p where p.id = person_id
           and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy titles_removed on titles for delete to ketnap_app
  using (exists (select from people p where p.id = person_id
           and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));

grant select, insert, update, delete on study_results, titles to ketnap_app;
grant select, insert on local_criteria to ketnap_app;
