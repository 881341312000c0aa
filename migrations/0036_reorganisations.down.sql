drop function newest_step();
drop function steps_since(bigint, integer[], bigint);
drop function reorganisation_facts(integer[], integer[], date);
drop function bring_back(bigint, integer[]);
drop function bring_grants_back(bigint);
drop function pass_grants(bigint, integer[], integer[], date);
drop function count_passages(bigint);
drop function carry_people(bigint, integer[], integer[], integer[]);
drop function follow_the_tree(integer[], integer[], integer[]);
drop function placed_tables();
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
drop table reorganisation_grants;
drop table reorganisation_people;
drop table reorganisation_items;
drop table reorganisations;
