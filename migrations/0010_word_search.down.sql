drop function find_people(integer, text[], bytea, text[], text[], date, bytea, bigint, integer, integer);
create index people_search on people using gin (path, search_text gin_trgm_ops) with (fastupdate = off);
create index people_search_all on people using gin (search_text gin_trgm_ops) with (fastupdate = off);
drop index people_words, people_in_order;
drop function word_beginnings(text);
create function find_people(org integer, patterns text[], number_index bytea, stages text[],
    categories text[], since_before date, after_key bytea, after_id bigint, most integer)
  returns table (person_id bigint)
  language plpgsql stable security definer set search_path = public as $$
declare
  scope integer[] := viewer_people_scope();
  conditions text := '';
  whole boolean;
begin
  if org <> 0 then
    if not viewer_is_system() and not exists (select from organisation_tree t
        where t.descendant_id = org and t.ancestor_id = any(scope)) then return; end if;
    scope := array[org];
  end if;
  -- Below the root everybody is meant, and the path adds nothing but work.
  whole := exists (select from organisation_versions v where v.org_id = any(scope) and v.parent_id is null)
           or viewer_is_system() and org = 0;
  if not whole then conditions := ' and p.path && $1'; end if;
  for i in 1 .. coalesce(cardinality(patterns), 0) loop
    conditions := conditions || format(' and p.search_text like %L', patterns[i]);
  end loop;
  if number_index is not null then conditions := conditions || ' and p.personal_no_index = $2'; end if;
  if stages is not null then conditions := conditions || ' and s.stage = any($3)'; end if;
  if categories is not null then conditions := conditions || ' and p.category = any($4)'; end if;
  if since_before is not null then conditions := conditions || ' and s.stage_since < $5'; end if;
  if after_key is not null then conditions := conditions || ' and (s.sort_key, s.person_id) > ($6, $7)'; end if;
  return query execute 'select s.person_id from people p join person_states s on s.person_id = p.id where true'
    || conditions || ' order by s.sort_key, s.person_id limit $8'
    using scope, number_index, stages, categories, since_before, after_key, after_id, most;
end $$;
