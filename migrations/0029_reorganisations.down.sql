drop function newest_step();
drop function steps_since(integer[], bigint);
drop function reorganisation_facts(integer[], integer[], date);
drop function bring_back(bigint, integer[]);
drop function carry_people(bigint, integer[], integer[]);
drop function follow_the_tree(integer[], integer[], integer[]);
create or replace function count_stages() returns trigger
  language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'UPDATE' then
    if old.stage = new.stage and old.path = new.path then return null; end if;
    perform pg_advisory_xact_lock(7464001);
    update stage_counts set n = n - 1 where org_id = any(old.path) and stage = old.stage;
  else
    perform pg_advisory_xact_lock(7464001);
  end if;
  insert into stage_counts (org_id, stage, n, path)
    select new.path[i], new.stage, 1, new.path[1:i] from generate_subscripts(new.path, 1) i
    on conflict (org_id, stage) do update set n = stage_counts.n + 1;
  return null;
end $$;
drop policy milestones_seen on milestones;
drop policy milestones_added on milestones;
drop policy milestones_taken_back on milestones;
create policy milestones_seen on milestones for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.introduced_by = (select viewer_account())));
create policy milestones_added on milestones for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy milestones_taken_back on milestones for delete to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));
drop table reorganisation_people;
drop table reorganisation_items;
drop table reorganisations;
