-- Rules as dated data, each value with its citation, and the calendar of working days. The shipped
-- values come from party.DefaultRules and party.DefaultHolidays; an administrator edits them.
create table rules (
  id          bigint generated always as identity primary key,
  rule        text not null,
  value       integer not null,
  per         integer not null default 0,
  unit        text not null,
  option      text not null default '',
  valid_from  date not null,
  valid_until date,                        -- last day in force
  document    text not null,
  issued_on   date,
  clause      text not null default '',
  confidence  text not null check (confidence in ('V', 'V2', 'R')),
  shipped     boolean not null default false, -- came with the software and was not edited since
  version     integer not null default 1,
  changed_by  bigint,
  changed_at  timestamptz not null default now(),
  check (valid_until is null or valid_until >= valid_from),
  exclude using gist (rule with =, daterange(valid_from, valid_until, '[]') with &&));

create table calendar_days (
  day     date primary key,
  kind    text not null check (kind in ('holiday', 'working')),
  name    text not null default '',
  confidence text not null default 'R' check (confidence in ('V', 'V2', 'R')),
  changed_by bigint,
  changed_at timestamptz not null default now());

grant select, insert, update, delete on rules, calendar_days to ketnap_app;
