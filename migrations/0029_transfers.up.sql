-- Transfers between two organisations of the register: the paper, and how far it came. That somebody
-- moved is a step of the person, recorded when the transfer is accepted; until then he counts where
-- he was. The name is that of the paper: who is to receive does not see the person before.
create table transfers (
  id           bigint generated always as identity primary key,
  person_id    bigint not null references people,
  full_name    text not null,
  org_id       integer not null references organisations,  -- from where
  path         integer[] not null,
  to_org       integer not null references organisations,
  to_path      integer[] not null,
  issuer_id    integer not null references organisations,
  year         integer not null,
  number       integer not null check (number > 0),
  issued_on    date not null,
  dues_to      date,                                       -- the month through which dues are paid
  present_by   date not null default 'infinity',           -- by the rule of the day of issue
  state        text not null default 'issued' check (state in ('issued', 'presented', 'accepted', 'refused', 'cancelled')),
  open         boolean not null generated always as (state in ('issued', 'presented')) stored,
  presented_on date,
  ended_on     date,
  words        text not null default '',                   -- why it was refused or cancelled
  step_id      bigint references steps,                    -- the move
  version      integer not null default 1,
  recorded_by  bigint not null,
  recorded_at  timestamptz not null default now(),
  check (org_id <> to_org),
  check (open = (ended_on is null)),
  check (state <> 'accepted' or presented_on is not null),
  check (state not in ('refused', 'cancelled') or words <> ''));
create unique index transfers_one on transfers (person_id) where open;
create unique index transfers_number on transfers (issuer_id, year, number);
create index transfers_person on transfers (person_id, id desc);
create index transfers_open on transfers (present_by, id) where open;
create index transfers_ended on transfers (id desc) where not open;
create index transfers_path on transfers using gin (path);
create index transfers_to_path on transfers using gin (to_path);

create function place_transfer() returns trigger language plpgsql as $$
declare day date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
begin
  new.path := organisation_path(new.org_id, day);
  new.to_path := organisation_path(new.to_org, day);
  if tg_op = 'UPDATE' then -- one of the two may have ended since
    if new.path = '{}' then new.path := old.path; end if;
    if new.to_path = '{}' then new.to_path := old.to_path; end if;
  end if;
  if new.path = '{}' or new.to_path = '{}' then
    raise exception 'organisations % and %: one has no place in the tree today', new.org_id, new.to_org using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
create trigger transfers_placed before insert or update of org_id, to_org on transfers for each row execute function place_transfer();

alter table transfers enable row level security;
create policy transfers_seen on transfers for select to ketnap_app
  using (path && (select viewer_people_scope()) or to_path && (select viewer_people_scope()) or (select viewer_is_system()));
create policy transfers_added on transfers for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy transfers_changed on transfers for update to ketnap_app
  using (path && (select viewer_write_scope()) or to_path && (select viewer_write_scope()) or (select viewer_is_system()));
grant select, insert on transfers to ketnap_app;
grant update (state, presented_on, ended_on, words, step_id, version) on transfers to ketnap_app;

-- Moves the person of a presented transfer to who accepts it, with the owner's rights: before, he is
-- out of the sight of the one side, and after, of the other. Answers with what speaks against it.
create function receive_transferred(transfer bigint, on_day date) returns text
  language plpgsql security definer set search_path = public as $$
declare t transfers;
begin
  select * into t from transfers where id = transfer and state = 'presented' for update;
  if not found or not (t.to_path && viewer_write_scope() or viewer_is_system()) then return 'not_found'; end if;
  perform from people where id = t.person_id and org_id = t.org_id for update;
  if not found then return 'elsewhere'; end if;
  -- A dossier on its way goes back to the cell that handed it in; who receives hands it in anew.
  with lying as (select s.id, s.at_org, s.org_id from submissions s where s.person_id = t.person_id and s.open for update),
       back as (update submissions s set state = 'withdrawn', at_org = s.org_id, since = greatest(s.since, on_day), version = version + 1
                  from lying l where s.id = l.id returning s.id, s.since)
  insert into submission_moves (submission_id, act, from_org, to_org, state, happened_on, words, recorded_by)
  select l.id, 'withdrawn', l.at_org, l.org_id, 'withdrawn', b.since,
         format('Chuyển sinh hoạt theo giấy số %s/%s', t.number, t.year), viewer_account()
    from lying l join back b on b.id = l.id;
  delete from person_mentors where person_id = t.person_id;
  update people set org_id = t.to_org where id = t.person_id;
  update person_states s set org_id = p.org_id, path = p.path from people p where p.id = t.person_id and s.person_id = p.id;
  update member_warnings w set org_id = p.org_id, path = p.path from people p where p.id = t.person_id and w.person_id = p.id;
  return '';
end $$;

-- What somebody counted for before he moved is brought in line by who keeps him now.
drop policy milestones_seen on milestones;
drop policy milestones_added on milestones;
drop policy milestones_taken_back on milestones;
create policy milestones_seen on milestones for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id
              and (p.introduced_by = (select viewer_account()) or p.path && (select viewer_people_scope()))));
create policy milestones_added on milestones for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())));
create policy milestones_taken_back on milestones for delete to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())));
