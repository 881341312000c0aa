-- Of some thousands who have the words, all were looked up to show the first fifty. Now the index also
-- tells in which part of the order somebody stands, by the first letter of the given name: the words are
-- looked for in the first parts, and further only where too few are there. So less is read in order, too.

-- In which part of the order those stand who have a given name, folded: its first letter.
create function part_of_order(given text) returns text
  language sql immutable parallel safe
  as $$ select case when given ~ '^[a-z]' then left(given, 1) else '-' end $$;

-- What can be looked up of somebody: every beginning of every word, up to twelve letters, and once more
-- with an equals sign of the given name, with a tilde of the words that are not the given name; of these
-- a third time behind the first letter of the given name, or a dash where that is not one of a to z.
create or replace function word_keys(full_name text, search_text text) returns text[]
  language sql immutable strict parallel safe
  as $$ select coalesce(array_agg(key), '{}')
          from (select string_to_array(ltrim(search_text), ' ') as words, cardinality(string_to_array(full_name, ' ')) as given) name,
               unnest(name.words) with ordinality w (word, nr),
               generate_series(1, least(length(w.word), 12)) n,
               unnest(case when w.nr = name.given then array[left(w.word, n), '=' || left(w.word, n)]
                           else array[left(w.word, n), '~' || left(w.word, n),
                                      part_of_order(name.words[name.given]) || '~' || left(w.word, n)] end) key $$;

set local maintenance_work_mem = '256MB'; -- or a large register is written in many small pieces
drop index people_words;
create index people_words on people using gin (path, word_keys(full_name, search_text)) with (fastupdate = off);
analyze people; -- what the planner knows of these keys decides how a search looks

-- See 0010 for what the arguments are and why it reads as the owner. The answer is in the order of
-- the names: few where there are more than that, and otherwise all, up to most.
create or replace function find_people(org integer, words text[], number_index bytea, stages text[], categories text[],
    since_before date, after_key bytea, after_id bigint, few integer, most integer)
  returns table (person_id bigint)
  language plpgsql security definer set search_path = public set max_parallel_workers_per_gather = 0 as $$
declare
  furthest  constant integer := 9000;    -- how many people are read in order at most: a millisecond or two
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
  met       integer;
  bound     bytea;                       -- enough are before it
  first     text;                        -- the part of the order where the page begins
  placed    boolean;                     -- whoever has the words elsewhere stands in a part
  everybody float8;
  hits      float8;
  named     float8;                      -- how many bear a given name
  lows      bytea[];                     -- the parts of the order in which the bearers of a given name lie
  highs     bytea[];
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
    -- Where many have the words elsewhere, the first parts of the order will have enough of them. How many
    -- parts are tried follows from how many are expected, as if each had a twentieth of them, and two or
    -- three times too many: parts differ in size. Who stands in no part may stand anywhere.
    first := case when after_key is null then 'a' else (select part_of_order(fold(given_name(full_name))) from people where id = after_id) end;
    if hits > 6 * few and first between 'a' and 'z' then
      execute format('select not exists (select from people p where word_keys(p.full_name, p.search_text) @> %L::text[])',
                     array(select '-~' || left(w, 12) from unnest(folded) w)) into placed;
    end if;
    if placed then
      execute 'select array_agg(id), (array_agg(sort_key))[$8] from (' || base || ' and (' || (
          select string_agg(format('word_keys(p.full_name, p.search_text) @> %L::text[]',
                                   array(select chr(letter) || '~' || left(w, 12) from unnest(folded) w)), ' or ')
            from generate_series(ascii(first), least(ascii(first) + ceil(50 * few / hits)::integer - 1, ascii('z'))) letter)
        || ')' || long || ' order by p.sort_key || '''', p.id limit $8) y'
        into ids, bound using scope, number_index, stages, categories, since_before, after_key, after_id, few;
    end if;
    if bound is null then
      execute 'select array_agg(id), (array_agg(sort_key))[$8] from (' || elsewhere || ' order by p.sort_key || '''', p.id limit $8) y'
        into ids, bound using scope, number_index, stages, categories, since_before, after_key, after_id, few;
    end if;
    -- The bearers of each given name that was typed, unless enough others are before them. A few who have
    -- the other words too are looked up. Of more, enough are met soon where all bearers are read in order, if
    -- the planner is right about how many do, for which it is trusted to a third; to look them up costs ten
    -- rows each, and a quarter to go through the index.
    foreach word in array folded loop
      select array_agg(low), array_agg(least(high, bound)) into lows, highs from given_parts(array[word]) where bound is null or low <= bound;
      continue when lows is null;
      bearers := base || format(' and word_keys(p.full_name, p.search_text) @> %L::text[]',
                                array(select case w when word then '=' else '~' end || left(w, 12) from unnest(folded) w)) || long;
      hits := expected_people(bearers, scope, number_index, stages, categories, since_before, after_key, after_id, most);
      if hits >= 4 * few then
        named := expected_people(base || format(' and word_keys(p.full_name, p.search_text) @> array[%L]', '=' || left(word, 12)),
                                 scope, number_index, stages, categories, since_before, after_key, after_id, most);
      end if;
      if hits < 4 * few or named / 4 + 10 * hits < named * 3 * few / hits then
        execute 'select array_agg(id) from (' || bearers || ' order by p.sort_key || '''', p.id limit $8) y'
          into more using scope, number_index, stages, categories, since_before, after_key, after_id, few;
        ids := ids || coalesce(more, '{}');
        continue;
      end if;
      met := 0;
      for part in 1 .. cardinality(lows) loop
        execute 'select array_agg(id) from (' || base || ' and p.sort_key between $9 and $10' || read || ' order by p.sort_key, p.id limit $8) y'
          into more using scope, number_index, stages, categories, since_before, after_key, after_id, few - met, lows[part], highs[part];
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
