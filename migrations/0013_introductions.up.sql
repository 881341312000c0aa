-- Resolutions by which the Youth Union introduces people to a cell, and what the cell answered.
-- That somebody was introduced is a step of the person; here stands the paper with all its names.
create table introductions (
  id          bigint generated always as identity primary key,
  org_id      integer not null references organisations,    -- the cell that is asked
  path        integer[] not null,
  union_name  text not null check (union_name <> ''),
  number      text not null check (number <> ''),
  resolved_on date not null,
  note        text not null default '',
  recorded_by bigint not null,
  recorded_at timestamptz not null default now());
create trigger introductions_placed before insert or update of org_id, path on introductions
  for each row execute function place_person();
create unique index introductions_paper on introductions (org_id, resolved_on, fold(number));
create index introductions_time on introductions (resolved_on desc, id desc);
create index introductions_org on introductions (org_id, resolved_on desc, id desc);
create index introductions_recorder on introductions (recorded_by, resolved_on desc, id desc);

create table introduction_people (
  introduction_id bigint not null references introductions,
  person_id       bigint not null references people,
  path            integer[] not null,
  step_id         bigint not null references steps,
  answer          text not null default '' check (answer in ('', 'accepted', 'declined')),
  reason          text not null default '',
  answered_on     date,
  answered_by     bigint,
  primary key (introduction_id, person_id),
  check (answer <> 'declined' or reason <> ''));
create index introduction_people_person on introduction_people (person_id);
create index introduction_people_waiting on introduction_people (introduction_id) where answer = '';

alter table introductions enable row level security;
alter table introduction_people enable row level security;
create policy introductions_seen on introductions for select to ketnap_app
  using (path && (select viewer_people_scope()) or recorded_by = (select viewer_account()) or (select viewer_is_system()));
create policy introductions_added on introductions for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy introduction_people_seen on introduction_people for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from introductions i where i.id = introduction_id and i.recorded_by = (select viewer_account())));
create policy introduction_people_added on introduction_people for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy introduction_people_answered on introduction_people for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));
grant select, insert on introductions, introduction_people to ketnap_app;
grant update (answer, reason, answered_on, answered_by) on introduction_people to ketnap_app;

