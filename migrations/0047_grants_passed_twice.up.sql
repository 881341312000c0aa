-- A role that went on twice comes back one act after the other: what an act that was undone had noted of a
-- role is let go of before the role itself is taken out.
create or replace function bring_grants_back(act bigint) returns void
  language sql security definer set search_path = public as $$
  update grants g set valid_until = r.was from reorganisation_grants r where r.act_id = act and g.id = r.grant_id;
  delete from reorganisation_grants later using reorganisation_grants r, reorganisations a
   where r.act_id = act and later.grant_id = r.next_id and a.id = later.act_id and a.undone_at is not null;
  delete from grants g using reorganisation_grants r where r.act_id = act and g.id = r.next_id $$;
