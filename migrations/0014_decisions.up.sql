-- The register of decisions and the ceremonies that follow them.

create function place_by_organisation() returns trigger language plpgsql as $$
begin
  new.path := organisation_path(new.org_id, (now() at time zone 'Asia/Ho_Chi_Minh')::date);
  if new.path = '{}' then
    raise exception 'organisation % has no place in the tree today', new.org_id using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;

-- A decision is never changed: one that was wrong is cancelled by another, and both stay.
create table decisions (
  id          bigint generated always as identity primary key,
  org_id      integer not null references organisations,    -- who issues
  path        integer[] not null,
  kind        text not null check (kind in ('admission', 'recognition', 'extension', 'cancellation')),
  issued_on   date not null,
  year        integer generated always as (extract(year from issued_on)::integer) stored,
  number      integer not null check (number > 0),
  suffix      text not null default '',                      -- -QĐ/ĐU
  printed     text generated always as (number::text || suffix) stored,
  decider     text not null default '',
  signer      text not null default '',
  received_on date,                                          -- by the cells, of an admission
  days        integer not null default 0,                    -- of an extension
  reason      text not null default '',                      -- of an extension or a cancellation
  note        text not null default '',
  cancels_id  bigint references decisions,
  recorded_by bigint not null,
  recorded_at timestamptz not null default now(),
  check ((kind = 'cancellation') = (cancels_id is not null)),
  unique (org_id, year, number));
create trigger decisions_placed before insert or update of org_id, path on decisions
  for each row execute function place_by_organisation();
create index decisions_time on decisions (issued_on desc, id desc);
create index decisions_issuer on decisions (org_id, issued_on desc, id desc);
create index decisions_printed on decisions (fold(printed) text_pattern_ops);
create index decisions_cancels on decisions (cancels_id) where cancels_id is not null;

-- Whom a decision names, with the step that it caused; of a cancellation, the step that voids.
create table decision_people (
  decision_id bigint not null references decisions,
  person_id   bigint not null references people,
  step_id     bigint not null unique references steps,
  primary key (decision_id, person_id));
create index decision_people_person on decision_people (person_id);

create index steps_corrects on steps (corrects_id) where corrects_id is not null;

-- The step that holds in the place of a recorded one: itself, what corrected it, or none.
create function step_that_holds(step bigint) returns bigint language sql stable as $$
  with recursive line (id) as (
      select step union all select s.id from steps s join line on s.corrects_id = line.id)
  select line.id from line where not exists (select from steps v where v.voids_id = line.id) order by line.id desc limit 1 $$;

-- A planned ceremony may change until it is held.
create table ceremonies (
  id            bigint generated always as identity primary key,
  org_id        integer not null references organisations,  -- who holds it
  path          integer[] not null,
  planned_on    date not null,
  place         text not null default '',
  occasion      text not null default '',                    -- party.Occasion
  occasion_text text not null default '',                    -- of another occasion
  state         text not null default 'planned' check (state in ('planned', 'held', 'cancelled')),
  held_on       date,
  reason        text not null default '',                    -- why it was cancelled
  version       integer not null default 1,
  recorded_by   bigint not null,
  recorded_at   timestamptz not null default now(),
  changed_by    bigint not null,
  changed_at    timestamptz not null default now(),
  check ((state = 'held') = (held_on is not null)));
create trigger ceremonies_placed before insert or update of org_id, path on ceremonies
  for each row execute function place_by_organisation();
create index ceremonies_time on ceremonies (planned_on desc, id desc);
create index ceremonies_org on ceremonies (org_id, planned_on desc, id desc);

create table ceremony_people (
  ceremony_id bigint not null references ceremonies,
  person_id   bigint not null references people,
  state       text not null default 'planned' check (state in ('planned', 'held', 'absent', 'released')),
  step_id     bigint unique references steps,                -- the ceremony's step, once held
  primary key (ceremony_id, person_id),
  check ((state = 'held') = (step_id is not null)));
create unique index ceremony_people_planned on ceremony_people (person_id) where state = 'planned';
create index ceremony_people_person on ceremony_people (person_id);

create index person_states_next on person_states (next_kind, due_on, person_id)
  where next_kind in ('endorsed', 'decided', 'ceremony', 'recognition_decision');

alter table decisions enable row level security;
alter table decision_people enable row level security;
alter table ceremonies enable row level security;
alter table ceremony_people enable row level security;

-- A committee sees what is issued within its scope; a cell also what names its people.
create policy decision_people_seen on decision_people for select to ketnap_app
  using (exists (select from people p where p.id = person_id));
create policy decision_people_added on decision_people for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy decisions_seen on decisions for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from decision_people p where p.decision_id = decisions.id));
create policy decisions_added on decisions for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));

create policy ceremony_people_seen on ceremony_people for select to ketnap_app
  using (exists (select from people p where p.id = person_id));
create policy ceremony_people_added on ceremony_people for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy ceremony_people_changed on ceremony_people for update to ketnap_app
  using (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy ceremony_people_taken_out on ceremony_people for delete to ketnap_app
  using (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy ceremonies_seen on ceremonies for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from ceremony_people p where p.ceremony_id = ceremonies.id));
create policy ceremonies_added on ceremonies for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy ceremonies_changed on ceremonies for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()))
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));

grant select, insert on decisions, decision_people to ketnap_app;
grant select, insert, update on ceremonies to ketnap_app;
grant select, insert, update, delete on ceremony_people to ketnap_app;
