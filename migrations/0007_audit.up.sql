-- Who did what, and who opened whose record. Only added to. A job seals the entries into a hash
-- chain in the order in which it finds them; `ketnap audit verify` recomputes the chain.
create table audit_entries (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default clock_timestamp(),
  account_id bigint not null,              -- 0 for the system
  action     text not null,
  entity     text not null,
  entity_id  bigint not null default 0,
  org_id     integer,
  request_id text not null default '',
  detail     jsonb not null default '{}');
create index audit_entries_entity on audit_entries (entity, entity_id, id desc);
create index audit_entries_account on audit_entries (account_id, id desc);

create table audit_chain (
  seq      bigint primary key,
  entry_id bigint not null unique references audit_entries,
  hash     bytea not null);

alter table audit_entries enable row level security;
create function viewer_audit_scope() returns integer[]
  language sql stable parallel safe security definer set search_path = public
  as $$ select coalesce(array_agg(distinct org_id), '{}') from grants g join accounts a on a.id = g.account_id
         where g.account_id = viewer_account() and a.disabled_at is null and role in ('checker', 'administrator')
           and valid_from <= (now() at time zone 'Asia/Ho_Chi_Minh')::date
           and (valid_until is null or valid_until > (now() at time zone 'Asia/Ho_Chi_Minh')::date) $$;
create policy audit_seen on audit_entries for select to ketnap_app
  using ((select viewer_is_system())
      or cardinality((select viewer_audit_scope())) > 0
         and (org_id is null or exists (select from organisation_tree t
               where t.descendant_id = audit_entries.org_id and t.ancestor_id = any((select viewer_audit_scope())::integer[]))));
create policy audit_added on audit_entries for insert to ketnap_app with check (true);
grant select, insert on audit_entries to ketnap_app;
grant select, insert on audit_chain to ketnap_app;
