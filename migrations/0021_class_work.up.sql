-- Classes from their plan to their certificates: sessions, who is on the roster, attendance, results,
-- and the numbered papers.

alter table classes
  add column kind           text not null default 'awareness' check (kind in ('awareness', 'new_member')),
  add column capacity       integer check (capacity > 0),                                        -- null: no limit
  add column attendance_min smallint not null default 80 check (attendance_min between 0 and 100), -- per cent
  add column pass_mark      smallint not null default 500 check (pass_mark between 0 and 1000),    -- hundredths
  add column closed_on      date;
create index classes_kind on classes (kind, starts_on desc, id desc);

create table class_sessions (
  id         bigint generated always as identity primary key,
  class_id   bigint not null references classes,
  day        date not null,
  part       text not null check (part in ('morning', 'afternoon', 'day')),
  topic      text not null default '',
  place      text not null default '',
  version    integer not null default 1,                   -- of its attendance
  changed_by bigint,
  changed_at timestamptz not null default now(),
  unique (class_id, day, part));

-- Who was nominated, and what became of it. open holds while the class is not closed and the
-- nomination neither refused nor withdrawn: nobody is in two open classes of a kind.
create table class_members (
  class_id     bigint not null references classes,
  person_id    bigint not null references people,
  kind         text not null,
  org_id       integer not null references organisations,  -- who nominated
  state        text not null default 'nominated' check (state in ('nominated', 'approved', 'refused', 'withdrawn')),
  open         boolean not null default true,
  reason       text not null default '',                   -- why refused or withdrawn
  nominated_on date not null,
  mark         smallint check (mark between 0 and 1000),   -- of the essay, hundredths
  grade        text not null default '',
  merit        boolean not null default false,             -- gets a merit letter
  result       text not null default '' check (result in ('', 'passed', 'failed')),
  result_on    date,
  step_id      bigint unique references steps,             -- the result's step, of an awareness class
  version      integer not null default 1,
  recorded_by  bigint not null,
  recorded_at  timestamptz not null default now(),
  changed_by   bigint not null,
  changed_at   timestamptz not null default now(),
  primary key (class_id, person_id),
  check (not open or state in ('nominated', 'approved')),
  check ((result = '') = (result_on is null)));
create unique index class_members_open on class_members (person_id, kind) where open;
create index class_members_person on class_members (person_id);

create table class_attendance (
  session_id bigint not null references class_sessions,
  person_id  bigint not null references people,
  state      text not null check (state in ('present', 'excused', 'absent')),
  changed_by bigint not null,
  changed_at timestamptz not null default now(),
  primary key (session_id, person_id));
create index class_attendance_person on class_attendance (person_id);

-- The register of numbered papers of an organiser. A number that was given is never given again.
create table class_papers (
  id            bigint generated always as identity primary key,
  kind          text not null check (kind in ('certificate', 'merit')),
  org_id        integer not null references organisations,
  path          integer[] not null,
  year          integer not null,
  number        integer not null check (number > 0),
  printed       text not null,
  class_id      bigint not null references classes,
  person_id     bigint not null references people,
  issued_on     date not null,
  cancelled_on  date,
  cancel_reason text not null default '',
  recorded_by   bigint not null,
  recorded_at   timestamptz not null default now(),
  check ((cancelled_on is null) = (cancel_reason = '')),
  unique (org_id, kind, year, number));
create trigger class_papers_placed before insert or update of org_id, path on class_papers
  for each row execute function place_by_organisation();
create unique index class_papers_one on class_papers (class_id, person_id, kind) where cancelled_on is null;
create index class_papers_person on class_papers (person_id);

-- Numbers that were passed over by hand, with why.
create table class_number_gaps (
  kind        text not null,
  org_id      integer not null references organisations,
  year        integer not null,
  first       integer not null,
  last        integer not null check (last >= first),
  reason      text not null check (reason <> ''),
  recorded_by bigint not null,
  recorded_at timestamptz not null default now(),
  primary key (org_id, kind, year, first));

-- A class that closes leaves everybody on its roster free for another, also who has moved out of the
-- organiser's sight.
create function close_class_members() returns trigger
  language plpgsql security definer set search_path = public as $$
begin
  update class_members set open = false where class_id = new.id and open;
  return null;
end $$;
create trigger classes_closed after update of closed_on on classes
  for each row when (new.closed_on is not null) execute function close_class_members();

-- How full classes are, also with people of other organisations. Nobody is named.
create function class_counts(classes bigint[]) returns table (class_id bigint, nominated integer, approved integer, results integer, passed integer)
  language sql stable security definer set search_path = public
  as $$ select m.class_id, count(*) filter (where m.state = 'nominated')::integer, count(*) filter (where m.state = 'approved')::integer,
               count(*) filter (where m.result <> '')::integer, count(*) filter (where m.result = 'passed')::integer
          from class_members m where m.class_id = any(classes) group by m.class_id $$;

-- In which open class of a kind people are. What of it may be told is decided by who asks.
create function open_classes(people bigint[], class_kind text) returns table (person_id bigint, class_id bigint, org_id integer, nominated_on date)
  language sql stable security definer set search_path = public
  as $$ select m.person_id, m.class_id, m.org_id, m.nominated_on from class_members m
         where m.person_id = any(people) and m.kind = class_kind and m.open $$;

alter table class_members enable row level security;
alter table class_attendance enable row level security;
alter table class_papers enable row level security;

create policy class_members_seen on class_members for select to ketnap_app
  using (exists (select from people p where p.id = person_id));
create policy class_members_added on class_members for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy class_members_changed on class_members for update to ketnap_app
  using (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));

create policy class_attendance_seen on class_attendance for select to ketnap_app
  using (exists (select from people p where p.id = person_id));
create policy class_attendance_added on class_attendance for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy class_attendance_changed on class_attendance for update to ketnap_app
  using (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));

-- The organiser sees all his numbers; others those of their people.
create policy class_papers_seen on class_papers for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id));
create policy class_papers_added on class_papers for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy class_papers_cancelled on class_papers for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));

grant select, insert, update, delete on class_sessions to ketnap_app;
grant select, insert, update on class_members, class_attendance, class_papers to ketnap_app;
grant select, insert on class_number_gaps to ketnap_app;
