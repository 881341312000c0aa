-- What use cases must know beyond the viewer's sight, as bare facts and counts.

-- Whether anybody belongs to an organisation: an administrator sees no people, and must still be
-- kept from moving an organisation that has some.
create function organisation_has_people(org integer) returns boolean
  language sql stable security definer set search_path = public
  as $$ select exists (select from people where org_id = org) $$;

-- How many people passed a class, also those of other organisations. Nobody is named.
create function class_passed(class bigint) returns integer
  language sql stable security definer set search_path = public
  as $$ select count(*)::integer from steps s
         where s.class_id = class and s.kind = 'class_result' and s.facts @> '{"passed": true}'
           and not exists (select from steps v where v.voids_id = s.id) $$;

-- Which shipped rules and calendar days were entered once, so that what an administrator took out
-- does not come back with the next start.
create table shipped_defaults (
  key text primary key,                     -- rule:<rule>:<valid_from> or day:<day>
  at  timestamptz not null default now());
grant select, insert on shipped_defaults to ketnap_app;

-- Who changed a class or a term last, for the other of two people who edit it at once.
alter table classes add column changed_by bigint, add column changed_at timestamptz not null default now();
alter table terms   add column changed_by bigint, add column changed_at timestamptz not null default now();
