create or replace function bring_grants_back(act bigint) returns void
  language sql security definer set search_path = public as $$
  update grants g set valid_until = r.was from reorganisation_grants r where r.act_id = act and g.id = r.grant_id;
  delete from grants g using reorganisation_grants r where r.act_id = act and g.id = r.next_id $$;
