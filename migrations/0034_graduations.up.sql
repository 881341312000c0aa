-- When somebody is expected to graduate, where he wants to go, and who keeps contact until he arrives.
create table graduations (
  person_id    bigint primary key references people,
  graduates_on date,
  wish         text not null default '',
  keeper       text not null default '',                   -- the member who keeps contact
  contacted_on date,
  version      integer not null default 1,
  changed_by   bigint not null,
  changed_at   timestamptz not null default now());
create index graduations_season on graduations (graduates_on);

-- It goes with the person, wherever he is transferred.
alter table graduations enable row level security;
create policy graduations_seen on graduations for select to ketnap_app
  using (exists (select from people p where p.id = person_id));
create policy graduations_added on graduations for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())));
create policy graduations_changed on graduations for update to ketnap_app
  using (exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())));
grant select, insert, update on graduations to ketnap_app;
