-- What a cell gives its members to do, each with a day and a result.
create table member_tasks (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references people,
  org_id      integer not null references organisations,  -- the cell that gave it
  path        integer[] not null,
  what        text not null check (what <> ''),
  given_on    date not null,
  due_on      date,                                        -- empty: until it is called off
  state       text not null default 'open' check (state in ('open', 'done', 'partly', 'failed', 'withdrawn')),
  closed_on   date,
  note        text not null default '',
  version     integer not null default 1,
  recorded_by bigint not null,
  recorded_at timestamptz not null default now(),
  changed_by  bigint not null,
  changed_at  timestamptz not null default now(),
  check ((state = 'open') = (closed_on is null)),
  check (due_on is null or due_on >= given_on),
  check (closed_on is null or closed_on >= given_on));
create trigger member_tasks_placed before insert or update of org_id, path on member_tasks
  for each row execute function place_by_organisation();
create index member_tasks_person on member_tasks (person_id, given_on desc, id desc);

-- A task goes with the member: the cell to which he comes sees it and enters its result.
alter table member_tasks enable row level security;
create policy member_tasks_seen on member_tasks for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()) or exists (select from people p where p.id = person_id));
create policy member_tasks_added on member_tasks for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy member_tasks_changed on member_tasks for update to ketnap_app
  using (exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())) or (select viewer_is_system()));
grant select, insert, update on member_tasks to ketnap_app;
