-- Dossiers on their way from the cell to who decides: where each lies, and how it came there.
create table submissions (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references people,
  kind        text not null check (kind in ('admission', 'recognition')),
  org_id      integer not null references organisations,   -- the cell that handed it in
  path        integer[] not null,
  at_org      integer not null references organisations,   -- where it lies
  state       text not null check (state in ('waiting', 'accepted', 'returned', 'withdrawn', 'decided', 'dropped')),
  open        boolean not null generated always as (state in ('waiting', 'accepted', 'returned')) stored,
  since       date not null,                               -- in this state at this place
  closed_step bigint references steps,                     -- the decision, or that the person was dropped
  version     integer not null default 1,
  check ((closed_step is not null) = (state in ('decided', 'dropped'))));
create trigger submissions_placed before insert or update of org_id, path on submissions
  for each row execute function place_by_organisation();
-- Nobody is in two of them.
create unique index submissions_one on submissions (person_id) where open;
create index submissions_person on submissions (person_id, kind, id desc);
create index submissions_queue on submissions (at_org, since, id) where open;
create index submissions_open on submissions (since, id) where open;
create index submissions_closed on submissions (since desc, id desc) where not open;
create index submissions_path on submissions using gin (path) where open;

-- How a dossier went. Only ever added to; the submission itself is what the last move says.
create table submission_moves (
  id            bigint generated always as identity primary key,
  submission_id bigint not null references submissions,
  act           text not null check (act in ('handed_in', 'accepted', 'returned', 'handed_on', 'withdrawn', 'closed', 'reopened')),
  from_org      integer not null references organisations,
  to_org        integer not null references organisations,
  state         text not null,                             -- afterwards
  happened_on   date not null,
  missing       text[] not null default '{}',              -- kinds of papers
  words         text not null default '',
  recorded_by   bigint not null,
  recorded_at   timestamptz not null default now(),
  check (act <> 'returned' or missing <> '{}' or words <> ''),
  check (act <> 'withdrawn' or words <> ''));
create index submission_moves_of on submission_moves (submission_id, id);

alter table submissions enable row level security;
alter table submission_moves enable row level security;
create policy submissions_seen on submissions for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()));
create policy submissions_added on submissions for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy submissions_changed on submissions for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()))
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy submission_moves_seen on submission_moves for select to ketnap_app
  using (exists (select from submissions s where s.id = submission_id));
create policy submission_moves_added on submission_moves for insert to ketnap_app
  with check (exists (select from submissions s where s.id = submission_id
                and (s.path && (select viewer_write_scope()) or (select viewer_is_system()))));
grant select, insert on submissions, submission_moves to ketnap_app;
grant update (at_org, state, since, closed_step, version) on submissions to ketnap_app;
