-- Awareness classes. Who finished one is a step of the person.
create table classes (
  id          bigint generated always as identity primary key,
  number      text not null check (number <> ''),          -- as the organiser numbers them: Lớp 03/2024
  title       text not null default '',
  org_id      integer not null references organisations,    -- the organiser
  starts_on   date not null,
  ends_on     date not null,
  place       text not null default '',
  version     integer not null default 1,
  recorded_by bigint not null,
  recorded_at timestamptz not null default now(),
  check (ends_on >= starts_on),
  unique (org_id, number));
create index classes_org on classes (org_id, starts_on desc, id desc);
create index classes_time on classes (starts_on desc, id desc);
grant select, insert, update on classes to ketnap_app;

alter table steps add column class_id bigint references classes;
create index steps_class on steps (class_id) where class_id is not null;
