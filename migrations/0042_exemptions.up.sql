-- Who is exempt from meetings, or suspended from them, by which decision and how long.
create table member_exemptions (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references people,
  kind        text not null check (kind in ('exempt', 'suspended')),
  number      text not null check (number <> ''),
  decided_on  date not null,
  from_on     date not null,
  until_on    date,                                        -- last day; empty while it goes on
  no_dues     boolean not null default false,              -- exempt from dues too
  reason      text not null,
  version     integer not null default 1,
  recorded_by bigint not null,
  recorded_at timestamptz not null default now(),
  changed_by  bigint not null,
  changed_at  timestamptz not null default now(),
  check (until_on is null or until_on >= from_on),
  check (kind = 'exempt' or not no_dues));
create index member_exemptions_person on member_exemptions (person_id, from_on desc);

-- It goes with the member, wherever he is transferred.
alter table member_exemptions enable row level security;
create policy member_exemptions_seen on member_exemptions for select to ketnap_app
  using (exists (select from people p where p.id = person_id) or (select viewer_is_system()));
create policy member_exemptions_added on member_exemptions for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())) or (select viewer_is_system()));
create policy member_exemptions_changed on member_exemptions for update to ketnap_app
  using (exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())) or (select viewer_is_system()));
grant select, insert, update on member_exemptions to ketnap_app;
