-- Organisations over time. The id is the organisation; name, code, kind and parent are dated.
create table organisations (
  id          integer generated always as identity primary key,
  recorded_at timestamptz not null default now());

create table organisation_versions (
  id          bigint generated always as identity primary key,
  org_id      integer not null references organisations,
  name        text not null check (name <> ''),
  code        text not null check (code <> ''),
  kind        text not null check (kind in ('upper_committee', 'grassroots_committee',
                'grassroots_cell', 'sectional_committee', 'cell', 'party_group')),
  school_type text not null default '' check (school_type in ('', 'upper_secondary', 'college', 'university')),
  parent_id   integer references organisations,
  valid_from  date not null,
  valid_until date,                       -- first day on which it no longer holds
  recorded_at timestamptz not null default now(),
  recorded_by bigint,
  check (valid_until is null or valid_until > valid_from),
  check (parent_id <> org_id),
  exclude using gist (org_id with =, daterange(valid_from, valid_until) with &&),
  exclude using gist (code with =, daterange(valid_from, valid_until) with &&));
create index organisation_versions_parent on organisation_versions (parent_id);

-- Every organisation with each one above it, itself at depth 0, by period: a projection of the
-- versions, rebuilt with them.
create table organisation_tree (
  ancestor_id   integer not null references organisations,
  descendant_id integer not null references organisations,
  depth         smallint not null,
  valid_from    date not null,
  valid_until   date,
  primary key (descendant_id, ancestor_id, valid_from));
create index organisation_tree_down on organisation_tree (ancestor_id, depth, descendant_id);

-- The way from the root down to an organisation, itself last, as of a day.
create function organisation_path(org integer, day date) returns integer[]
  language sql stable parallel safe
  as $$ select coalesce(array_agg(ancestor_id order by depth desc), '{}') from organisation_tree
         where descendant_id = org and valid_from <= day and (valid_until is null or valid_until > day) $$;

grant select, insert, update, delete on organisations, organisation_versions, organisation_tree to ketnap_app;

create table terms (
  id        integer generated always as identity primary key,
  code      text not null unique check (code <> ''),   -- 2020-2025
  name      text not null check (name <> ''),
  starts_on date not null,
  ends_on   date not null,                              -- last day
  version   integer not null default 1,
  check (ends_on > starts_on),
  exclude using gist (daterange(starts_on, ends_on, '[]') with &&));
grant select, insert, update, delete on terms to ketnap_app;
