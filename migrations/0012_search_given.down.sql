drop trigger people_given_name on people;
drop function note_given_name(), given_parts(text[]), expected_people(text, integer[], bytea, text[], text[], date, bytea, bigint, integer);
drop table given_names;
drop index people_words;
drop function word_keys(text, text), given_name(text);
create function word_beginnings(t text) returns text[]
  language sql immutable strict parallel safe
  as $$ select coalesce(array_agg(distinct left(w, n)), '{}')
          from unnest(string_to_array(t, ' ')) w, generate_series(1, least(length(w), 12)) n $$;

create index people_words on people using gin (path, word_beginnings(search_text)) with (fastupdate = off);
create or replace function find_people(org integer, words text[], number_index bytea, stages text[], categories text[],
    since_before date, after_key bytea, after_id bigint, few integer, most integer)
  returns table (person_id bigint)
  language plpgsql security definer set search_path = public set max_parallel_workers_per_gather = 0 as $$
declare
  stretch constant integer := 20000;     -- how many people are read in order at most: some milliseconds
  scope     integer[] := viewer_people_scope();
  folded    text[] := array(select w from unnest(words) typed, string_to_table(fold(typed), ' ') w where w <> '');
  whole     boolean;
  behind    text := '';                  -- the page behind another one
  bounds    text := '';                  -- organisation and filters
  looked_up text := '';                  -- the words, by the index
  read      text := '';                  -- the words, row by row
  word      text;
  pattern   text;
  query     text;
  plan      json;
  hits      float8;
  everybody float8;
  ids       bigint[];
begin
  if org <> 0 then
    if not viewer_is_system() and not exists (select from organisation_tree t
        where t.descendant_id = org and t.ancestor_id = any(scope)) then return; end if;
    scope := array[org];
  end if;
  -- Below the root everybody is meant, and the path adds nothing but work.
  whole := exists (select from organisation_versions v where v.org_id = any(scope) and v.parent_id is null)
           or viewer_is_system() and org = 0;
  if after_key is not null then behind := ' and (p.sort_key, p.id) > ($6, $7)'; end if;
  if not whole then bounds := ' and p.path && $1'; end if;
  if number_index is not null then bounds := bounds || ' and p.personal_no_index = $2'; end if;
  if stages is not null then bounds := bounds || ' and s.stage = any($3)'; end if;
  if categories is not null then bounds := bounds || ' and p.category = any($4)'; end if;
  if since_before is not null then bounds := bounds || ' and s.stage_since < $5'; end if;
  if folded <> '{}' then
    looked_up := format(' and word_beginnings(p.search_text) @> %L::text[]', array(select left(w, 12) from unnest(folded) w));
  end if;
  foreach word in array folded loop
    pattern := '% ' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%';
    read := read || format(' and x.search_text like %L', pattern);
    if length(word) > 12 then looked_up := looked_up || format(' and p.search_text like %L', pattern); end if;
  end loop;

  query := 'select p.id from people p join person_states s on s.person_id = p.id where true' || looked_up || bounds || behind;
  if folded <> '{}' then
    -- The planner knows how many the words will find. A row is read in order in a seventh of the time
    -- that a hit takes to be looked up.
    select reltuples into everybody from pg_class where oid = 'people'::regclass;
    if everybody > stretch then
      execute 'explain (format json) ' || query into plan
        using scope, number_index, stages, categories, since_before, after_key, after_id, most;
      hits := (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8;
      if few * everybody / hits < least(stretch, 7 * hits) then
        execute 'select array_agg(id) from (
          select x.id from (select p.id, p.sort_key, p.search_text, p.path from people p where true' || behind || '
                             order by p.sort_key, p.id limit ' || stretch || ') x'
          || case when bounds = '' then '' else ' join people p on p.id = x.id join person_states s on s.person_id = x.id' end
          || ' where true' || read || replace(bounds, 'p.path', 'x.path') || ' order by x.sort_key, x.id limit $8) y'
          into ids using scope, number_index, stages, categories, since_before, after_key, after_id, few;
        if cardinality(ids) >= few then
          return query select unnest(ids);
          return;
        end if;
      end if;
    end if;
  end if;
  -- The order is made an expression, lest the planner read in order without end.
  return query execute query || ' order by p.sort_key || '''', p.id limit $8'
    using scope, number_index, stages, categories, since_before, after_key, after_id, most;
end $$;
