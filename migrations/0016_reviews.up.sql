-- Periodic reviews of a cell's planning, with what was said of each person. A review is a draft until
-- the meeting was held; from then on nothing of it changes.
create table reviews (
  id            bigint generated always as identity primary key,
  org_id        integer not null references organisations,   -- the cell
  path          integer[] not null,
  school_year   integer not null,                             -- in which it began
  half          smallint not null check (half between 0 and 2),
  met_on        date,
  minutes_no    text not null default '',
  resolution_no text not null default '',
  resolution_on date,
  state         text not null default 'draft' check (state in ('draft', 'held')),
  version       integer not null default 1,
  recorded_by   bigint not null,
  recorded_at   timestamptz not null default now(),
  changed_by    bigint not null,
  changed_at    timestamptz not null default now(),
  check (state = 'draft' or met_on is not null));
create trigger reviews_placed before insert or update of org_id, path on reviews
  for each row execute function place_by_organisation();
create unique index reviews_draft on reviews (org_id) where state = 'draft';
create index reviews_held on reviews (org_id, met_on desc, id desc) where state = 'held';
create index reviews_time on reviews (met_on desc, id desc) where state = 'held';

-- What was said of each person, with what the cell saw of him on that day: the minutes stay as they
-- were read, whatever becomes of the person or wherever he moves.
create table review_people (
  review_id  bigint not null references reviews,
  person_id  bigint not null references people,
  org_id     integer not null references organisations,
  path       integer[] not null,
  nr         integer not null,                                 -- place in the list
  outcome    text not null check (outcome in ('keep', 'add', 'drop')),
  reason     text not null default '',
  full_name  text not null,
  birth_date date not null,
  class_name text not null default '',
  stage      text not null,
  age        smallint not null,                                -- whole years on the day of the meeting
  of_age_on  date,
  study      text not null default '',
  conduct    text not null default '',
  titles     integer not null default 0,
  primary key (review_id, person_id));
create trigger review_people_placed before insert or update of org_id, path on review_people
  for each row execute function place_by_organisation();
create index review_people_person on review_people (person_id);

alter table reviews enable row level security;
alter table review_people enable row level security;

create policy reviews_seen on reviews for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()));
create policy reviews_added on reviews for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy reviews_changed on reviews for update to ketnap_app
  using (state = 'draft' and (path && (select viewer_write_scope()) or (select viewer_is_system())))
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));

create policy review_people_seen on review_people for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system()));
create policy review_people_added on review_people for insert to ketnap_app
  with check (exists (select from reviews r where r.id = review_id and r.state = 'draft' and r.org_id = review_people.org_id)
              and exists (select from people p where p.id = person_id)
              and (path && (select viewer_write_scope()) or (select viewer_is_system())));
create policy review_people_taken_back on review_people for delete to ketnap_app
  using (exists (select from reviews r where r.id = review_id and r.state = 'draft')
         and (path && (select viewer_write_scope()) or (select viewer_is_system())));

grant select, insert, update on reviews to ketnap_app;
grant select, insert, delete on review_people to ketnap_app;
