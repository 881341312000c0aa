create or replace function receive_transferred(transfer bigint, on_day date) returns text
  language plpgsql security definer set search_path = public as $$
declare t transfers;
begin
  select * into t from transfers where id = transfer and state = 'presented' for update;
  if not found or not (t.to_path && viewer_write_scope() or viewer_is_system()) then return 'not_found'; end if;
  perform from people where id = t.person_id and org_id = t.org_id for update;
  if not found then return 'elsewhere'; end if;
  with lying as (select s.id, s.at_org, s.org_id from submissions s where s.person_id = t.person_id and s.open for update),
       back as (update submissions s set state = 'withdrawn', at_org = s.org_id, since = greatest(s.since, on_day), version = version + 1
                  from lying l where s.id = l.id returning s.id, s.since)
  insert into submission_moves (submission_id, act, from_org, to_org, state, happened_on, words, recorded_by)
  select l.id, 'withdrawn', l.at_org, l.org_id, 'withdrawn', b.since,
         format('Chuyển sinh hoạt theo giấy số %s/%s', t.number, t.year), viewer_account()
    from lying l join back b on b.id = l.id;
  delete from person_mentors where person_id = t.person_id;
  update people set org_id = t.to_org where id = t.person_id;
  update person_states s set org_id = p.org_id, path = p.path from people p where p.id = t.person_id and s.person_id = p.id;
  update member_warnings w set org_id = p.org_id, path = p.path from people p where p.id = t.person_id and w.person_id = p.id;
  return '';
end $$;
drop function withdraw_dossier(bigint, date, text);
-- The register without letters cannot tell of those.
delete from transfers where to_org is null;
drop index transfers_time;
drop index transfers_replaces;
alter table transfers
  drop constraint transfers_where,
  drop constraint transfers_shown,
  add constraint transfers_check2 check (state <> 'accepted' or presented_on is not null),
  drop column replaces_id,
  drop column reason,
  drop column stage,
  drop column kind,
  drop column to_text,
  alter column to_org set not null;
create or replace function place_transfer() returns trigger language plpgsql as $$
declare day date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
begin
  new.path := organisation_path(new.org_id, day);
  new.to_path := organisation_path(new.to_org, day);
  if tg_op = 'UPDATE' then -- one of the two may have ended since
    if new.path = '{}' then new.path := old.path; end if;
    if new.to_path = '{}' then new.to_path := old.to_path; end if;
  end if;
  if new.path = '{}' or new.to_path = '{}' then
    raise exception 'organisations % and %: one has no place in the tree today', new.org_id, new.to_org using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
