create or replace function word_keys(full_name text, search_text text) returns text[]
  language sql immutable strict parallel safe
  as $$ select coalesce(array_agg(key), '{}')
          from unnest(string_to_array(ltrim(search_text), ' ')) with ordinality w (word, nr),
               generate_series(1, least(length(w.word), 12)) n,
               unnest(array[left(w.word, n),
                            case when w.nr = cardinality(string_to_array(full_name, ' ')) then '=' else '~' end || left(w.word, n)]) key $$;

set local maintenance_work_mem = '256MB';
drop index people_words;
create index people_words on people using gin (path, word_keys(full_name, search_text)) with (fastupdate = off);
analyze people;
drop function part_of_order(text);

create or replace function find_people(org integer, words text[], number_index bytea, stages text[], categories text[],
    since_before date, after_key bytea, after_id bigint, few integer, most integer)
  returns table (person_id bigint)
  language plpgsql security definer set search_path = public set max_parallel_workers_per_gather = 0 as $$
declare
  furthest  constant integer := 30000;   -- how many people are read in order at most: some milliseconds
  handful   constant integer := 1000;    -- so many are looked up at once
  scope     integer[] := viewer_people_scope();
  folded    text[] := array(select distinct w from unnest(words) typed, string_to_table(fold(typed), ' ') w where w <> '');
  behind    text := '';                  -- the page behind another one
  below     text := '';                  -- the organisation
  filters   text := '';                  -- what else bounds the list, of people f and their states s
  read      text := '';                  -- the words, row by row
  long      text := '';                  -- words longer than the keys
  word      text;
  pattern   text;
  base      text;
  query     text;
  elsewhere text;                        -- the words, none of them the given name
  bearers   text;                        -- the words, one of them the given name
  named     float8;
  met       integer;
  bound     bytea;                       -- enough are before it
  everybody float8;
  hits      float8;
  part      record;
  ids       bigint[] := '{}';
  more      bigint[];
begin
  -- Whoever has a word that begins with another one has both.
  folded := array(select w from unnest(folded) w where not exists (select from unnest(folded) longer where longer <> w and starts_with(longer, w)));
  if org <> 0 then
    if not viewer_is_system() and not exists (select from organisation_tree t
        where t.descendant_id = org and t.ancestor_id = any(scope)) then return; end if;
    scope := array[org];
  end if;
  -- Below the root everybody is meant, and the path adds nothing but work.
  if not (exists (select from organisation_versions v where v.org_id = any(scope) and v.parent_id is null)
          or viewer_is_system() and org = 0) then below := ' and p.path && $1'; end if;
  if after_key is not null then behind := ' and (p.sort_key, p.id) > ($6, $7)'; end if;
  if number_index is not null then filters := filters || ' and f.personal_no_index = $2'; end if;
  if stages is not null then filters := filters || ' and s.stage = any($3)'; end if;
  if categories is not null then filters := filters || ' and f.category = any($4)'; end if;
  if since_before is not null then filters := filters || ' and s.stage_since < $5'; end if;
  foreach word in array folded loop
    pattern := '% ' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%';
    read := read || format(' and strpos(p.search_text, %L) > 0', ' ' || word);
    if length(word) > 12 then long := long || format(' and p.search_text like %L', pattern); end if;
  end loop;
  base := 'select p.id, p.sort_key from people p' || case when filters = '' then '' else ' join person_states s on s.person_id = p.id' end
          || ' where true' || below || replace(filters, ' f.', ' p.') || behind;
  query := base || case when folded = '{}' then '' else format(' and word_keys(p.full_name, p.search_text) @> %L::text[]',
                          array(select left(w, 12) from unnest(folded) w)) || long end;
  if folded <> '{}' then
    select reltuples into everybody from pg_class where oid = 'people'::regclass;
    hits := expected_people(query, scope, number_index, stages, categories, since_before, after_key, after_id, most);
  end if;

  if everybody > furthest * 2 / 3 and hits > handful then
    elsewhere := base || format(' and word_keys(p.full_name, p.search_text) @> %L::text[]',
                                array(select '~' || left(w, 12) from unnest(folded) w)) || long;
    hits := expected_people(elsewhere, scope, number_index, stages, categories, since_before, after_key, after_id, most);
    -- Many who have the words elsewhere in their names lie close in the order. A row is read in order
    -- in a tenth of the time that a hit takes to be looked up; more is read than should be enough, since
    -- to stop just before it is all in vain, and since who shares a given name is in the order of families.
    if few * everybody / hits < least(furthest * 2 / 3, 10 * hits) then
      execute 'select array_agg(id) from (
        select p.id from (select p.id, p.sort_key, p.search_text, p.path from people p where true' || behind || '
                           order by p.sort_key, p.id limit ' || furthest || ') p'
        || case when filters = '' then '' else ' join people f on f.id = p.id join person_states s on s.person_id = p.id' end
        || ' where true' || read || below || filters
        || ' order by p.sort_key, p.id limit $8) y'
        into ids using scope, number_index, stages, categories, since_before, after_key, after_id, few;
      if cardinality(ids) >= few then
        return query select unnest(ids);
        return;
      end if;
    end if;
    execute 'select array_agg(id), (array_agg(sort_key))[$8] from (' || elsewhere || ' order by p.sort_key || '''', p.id limit $8) y'
      into ids, bound using scope, number_index, stages, categories, since_before, after_key, after_id, few;
    -- The bearers of each given name that was typed, unless enough others are before them. Reading all of
    -- them in order costs as much as there are; reading until enough have the other words too costs less,
    -- if the planner is right about how many do, for which it is trusted to a third. To look them up costs
    -- ten rows each, and a quarter to go through the index.
    foreach word in array folded loop
      continue when not exists (select from given_parts(array[word]) where bound is null or low <= bound);
      bearers := base || format(' and word_keys(p.full_name, p.search_text) @> %L::text[]',
                                array(select case w when word then '=' else '~' end || left(w, 12) from unnest(folded) w)) || long;
      hits := expected_people(bearers, scope, number_index, stages, categories, since_before, after_key, after_id, most);
      named := expected_people(base || format(' and word_keys(p.full_name, p.search_text) @> array[%L]', '=' || left(word, 12)),
                               scope, number_index, stages, categories, since_before, after_key, after_id, most);
      if named / 4 + 10 * hits < named * least(1, 3 * few / hits) then
        execute 'select array_agg(id) from (' || bearers || ' order by p.sort_key || '''', p.id limit $8) y'
          into more using scope, number_index, stages, categories, since_before, after_key, after_id, few;
        ids := ids || coalesce(more, '{}');
        continue;
      end if;
      met := 0;
      for part in select low, least(high, bound) as high from given_parts(array[word]) where bound is null or low <= bound loop
        execute 'select array_agg(id) from (' || base || ' and p.sort_key between $9 and $10' || read || ' order by p.sort_key, p.id limit $8) y'
          into more using scope, number_index, stages, categories, since_before, after_key, after_id, few - met, part.low, part.high;
        ids := ids || coalesce(more, '{}');
        met := met + coalesce(cardinality(more), 0);
        exit when met >= few;
      end loop;
    end loop;
    return query select p.id from people p where p.id = any(ids) order by p.sort_key, p.id limit few;
    return;
  end if;
  -- What the order is made of is an expression here, lest the planner read in order without end.
  return query execute 'select id from (' || query || ' order by p.sort_key || '''', p.id limit $8) y'
    using scope, number_index, stages, categories, since_before, after_key, after_id, most;
end $$;
