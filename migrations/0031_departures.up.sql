-- Cases of members who are to leave: removal, expulsion, leaving at their own wish, death. That somebody
-- left, or was restored, is a step of the person; here stands how it came to that.
alter table decisions drop constraint decisions_kind_check;
alter table decisions add constraint decisions_kind_check
  check (kind in ('admission', 'recognition', 'extension', 'cancellation', 'departure', 'restoration'));

create table departure_cases (
  id           bigint generated always as identity primary key,
  person_id    bigint not null references people,
  org_id       integer not null references organisations,   -- the cell
  path         integer[] not null,
  way          text not null check (way in ('removed', 'expelled', 'asked', 'died')),
  ground       text not null default '',                     -- the rule
  circumstance text not null default '',
  reason       text not null check (reason <> ''),
  silent       integer not null default 0,                   -- months of one year, when it was opened
  has_base     boolean not null,                             -- a grassroots committee proposes
  opened_on    date not null,
  state        text not null default 'opened'
               check (state in ('opened', 'voted', 'proposed', 'decided', 'told', 'appealed', 'upheld', 'restored', 'closed')),
  open         boolean not null generated always as (state in ('opened', 'voted', 'proposed')) stored,
  since        date not null,                                -- the day of what was done last
  appeal_by    date,                                         -- the last day of an appeal, once he was told
  cell         jsonb not null default '{}',                  -- party.Vote
  base         jsonb not null default '{}',                  -- party.Ballot
  step_id      bigint references steps,                      -- the departure
  restored_id  bigint references steps,
  version      integer not null default 1,
  recorded_by  bigint not null,
  recorded_at  timestamptz not null default now());
create trigger departure_cases_placed before insert or update of org_id, path on departure_cases
  for each row execute function place_by_organisation();
create unique index departure_cases_one on departure_cases (person_id) where open;
create index departure_cases_time on departure_cases (opened_on desc, id desc);
create index departure_cases_org on departure_cases (org_id, opened_on desc, id desc);
create index departure_cases_person on departure_cases (person_id, id desc);

-- What was done in a case, one after the other; never changed.
create table departure_acts (
  id          bigint generated always as identity primary key,
  case_id     bigint not null references departure_cases,
  act         text not null,
  happened_on date not null,
  words       text not null default '',
  members     integer not null default 0,                    -- of who voted
  in_favour   integer not null default 0,
  decision_id bigint references decisions,
  recorded_by bigint not null,
  recorded_at timestamptz not null default now());
create index departure_acts_case on departure_acts (case_id, id);

alter table departure_cases enable row level security;
alter table departure_acts enable row level security;
create policy departure_cases_seen on departure_cases for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()));
create policy departure_cases_added on departure_cases for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy departure_cases_changed on departure_cases for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy departure_acts_seen on departure_acts for select to ketnap_app
  using (exists (select from departure_cases c where c.id = case_id));
create policy departure_acts_added on departure_acts for insert to ketnap_app
  with check (exists (select from departure_cases c where c.id = case_id
                and (c.path && (select viewer_write_scope()) or (select viewer_is_system()))));
grant select, insert on departure_cases, departure_acts to ketnap_app;
grant update (state, since, appeal_by, cell, base, step_id, restored_id, version) on departure_cases to ketnap_app;
