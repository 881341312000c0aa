-- Projection: who helps whom now, and by when a remark is due; rewritten with each step and recomputed
-- by `ketnap check`.
create table person_mentors (
  person_id     bigint not null references people,
  step_id       bigint not null references steps,          -- the assignment
  mentor_id     bigint,                                    -- in the register; null for one who is not
  name          text not null,
  since         date not null,
  remark_due_on date,
  org_id        integer not null,
  path          integer[] not null,
  primary key (person_id, step_id));
create index person_mentors_org on person_mentors (org_id);
create index person_mentors_path on person_mentors using gin (path);
create index person_mentors_due on person_mentors (remark_due_on);
alter table person_mentors enable row level security;
create policy person_mentors_seen on person_mentors for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.introduced_by = (select viewer_account())));
create policy person_mentors_added on person_mentors for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy person_mentors_taken_back on person_mentors for delete to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));
grant select, insert, delete on person_mentors to ketnap_app;
