-- A word that is a frequent given name is met late in the order of the names, and all its bearers lie
-- together there. Looking up each of them, to show the first fifty, grows with the register; reading
-- that part of the order does not. So the index also tells words that are not the given name, for the
-- few people elsewhere, and the bounds of each given name in the order are kept.

-- What can be looked up of somebody: every beginning of every word, up to twelve letters, and with a
-- tilde once more of the words that are not the given name.
create function word_keys(full_name text, search_text text) returns text[]
  language sql immutable strict parallel safe
  as $$ select coalesce(array_agg(key), '{}')
          from unnest(string_to_array(ltrim(search_text), ' ')) with ordinality w (word, nr),
               generate_series(1, least(length(w.word), 12)) n,
               unnest(case when w.nr = cardinality(string_to_array(full_name, ' ')) then array[left(w.word, n)]
                           else array[left(w.word, n), '~' || left(w.word, n)] end) key $$;

set local maintenance_work_mem = '256MB'; -- or a large register is written in many small pieces
drop index people_words;
create index people_words on people using gin (path, word_keys(full_name, search_text)) with (fastupdate = off);
drop function word_beginnings(text);
analyze people; -- what the planner knows of these keys decides how a search looks

create function given_name(full_name text) returns text
  language sql immutable strict parallel safe as $$ select (regexp_match(full_name, '[^ ]+$'))[1] $$;

-- Between which keys the bearers of a given name lie. The bounds only ever grow: they say where to
-- look, not who is there.
create table given_names (
  given  text primary key,
  folded text not null,
  low    bytea not null,
  high   bytea not null);
insert into given_names
  select given_name(full_name), fold(given_name(full_name)), decode(min(encode(sort_key, 'hex') collate "C"), 'hex'), decode(max(encode(sort_key, 'hex') collate "C"), 'hex')
    from people group by 1, 2;

create function note_given_name() returns trigger
  language plpgsql security definer set search_path = public as $$
begin
  -- Asked first, since an upsert locks the row even where it changes nothing.
  if not exists (select from given_names where given = given_name(new.full_name) and new.sort_key between low and high) then
    insert into given_names as g values (given_name(new.full_name), fold(given_name(new.full_name)), new.sort_key, new.sort_key)
      on conflict (given) do update set low = least(g.low, excluded.low), high = greatest(g.high, excluded.high);
  end if;
  return null;
end $$;
create trigger people_given_name after insert or update of full_name, sort_key on people
  for each row execute function note_given_name();

-- How many rows the planner expects of a query on the parameters of find_people.
create function expected_people(query text, scope integer[], number_index bytea, stages text[], categories text[],
    since_before date, after_key bytea, after_id bigint, most integer) returns float8
  language plpgsql set search_path = public as $$
declare plan json;
begin
  execute 'explain (format json) ' || query into plan
    using scope, number_index, stages, categories, since_before, after_key, after_id, most;
  return (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8;
end $$;
revoke execute on function expected_people from public;

-- The parts of the order in which somebody's given name begins with one of the words, from the front
-- to the back. Spellings that sort alike share one part.
create function given_parts(words text[]) returns table (low bytea, high bytea)
  language plpgsql stable set search_path = public as $$
declare
  g record;
begin
  for g in select n.low as first, n.high as last from given_names n
            where exists (select from unnest(words) w where starts_with(n.folded, w)) order by n.low loop
    if low is null then
      low := g.first; high := g.last;
    elsif g.first <= high then
      high := greatest(high, g.last);
    else
      return next;
      low := g.first; high := g.last;
    end if;
  end loop;
  if low is not null then return next; end if;
end $$;
revoke execute on function given_parts from public;

-- See 0010 for what the arguments are and why it reads as the owner. The answer is in the order of
-- the names: few where there are more than that, and otherwise all, up to most.
create or replace function find_people(org integer, words text[], number_index bytea, stages text[], categories text[],
    since_before date, after_key bytea, after_id bigint, few integer, most integer)
  returns table (person_id bigint)
  language plpgsql security definer set search_path = public set max_parallel_workers_per_gather = 0 as $$
declare
  stretch   constant integer := 20000;   -- how many people are read in order at most: some milliseconds
  handful   constant integer := 200;     -- so many are looked up without thinking
  scope     integer[] := viewer_people_scope();
  folded    text[] := array(select w from unnest(words) typed, string_to_table(fold(typed), ' ') w where w <> '');
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
  everybody float8;
  hits      float8;
  part      record;
  ids       bigint[] := '{}';
  more      bigint[];
begin
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
    read := read || format(' and p.search_text like %L', pattern);
    if length(word) > 12 then long := long || format(' and p.search_text like %L', pattern); end if;
  end loop;
  base := 'select p.id from people p' || case when filters = '' then '' else ' join person_states s on s.person_id = p.id' end
          || ' where true' || below || replace(filters, ' f.', ' p.') || behind;
  query := base || case when folded = '{}' then '' else format(' and word_keys(p.full_name, p.search_text) @> %L::text[]',
                          array(select left(w, 12) from unnest(folded) w)) || long end;
  if folded <> '{}' then
    select reltuples into everybody from pg_class where oid = 'people'::regclass;
    hits := expected_people(query, scope, number_index, stages, categories, since_before, after_key, after_id, most);
  end if;

  if everybody > stretch and hits > handful then
    elsewhere := base || format(' and word_keys(p.full_name, p.search_text) @> %L::text[]',
                                array(select '~' || left(w, 12) from unnest(folded) w)) || long;
    hits := expected_people(elsewhere, scope, number_index, stages, categories, since_before, after_key, after_id, most);
    -- Many who have the words elsewhere in their names lie close in the order. A row is read in order
    -- in a tenth of the time that a hit takes to be looked up.
    if few * everybody / hits < least(stretch, 10 * hits) then
      execute 'select array_agg(id) from (
        select p.id from (select p.id, p.sort_key, p.search_text, p.path from people p where true' || behind || '
                           order by p.sort_key, p.id limit ' || stretch || ') p'
        || case when filters = '' then '' else ' join people f on f.id = p.id join person_states s on s.person_id = p.id' end
        || ' where true' || read || below || filters
        || ' order by p.sort_key, p.id limit $8) y'
        into ids using scope, number_index, stages, categories, since_before, after_key, after_id, few;
      if cardinality(ids) >= few then
        return query select unnest(ids);
        return;
      end if;
      ids := '{}';
    end if;
    -- The bearers of the given names that were typed, read in order, and those who have the words elsewhere.
    for part in select low, high from given_parts(folded) loop
      execute 'select array_agg(id) from (' || base || ' and p.sort_key between $9 and $10' || read || ' order by p.sort_key, p.id limit $8) y'
        into more using scope, number_index, stages, categories, since_before, after_key, after_id, few - cardinality(ids), part.low, part.high;
      ids := ids || coalesce(more, '{}');
      exit when cardinality(ids) >= few;
    end loop;
    execute 'select array_agg(id) from (' || elsewhere || ' order by p.sort_key || '''', p.id limit $8) y'
      into more using scope, number_index, stages, categories, since_before, after_key, after_id, few;
    return query select p.id from people p where p.id = any(ids || more) order by p.sort_key, p.id limit few;
    return;
  end if;
  -- What the order is made of is an expression here, lest the planner read in order without end.
  return query execute query || ' order by p.sort_key || '''', p.id limit $8'
    using scope, number_index, stages, categories, since_before, after_key, after_id, most;
end $$;
