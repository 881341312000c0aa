create or replace view dues_book with (security_invoker = true) as
  select d.person_id, d.month, d.state, d.amount,
         d.state = 'unpaid' and not exists (select from member_exemptions e where e.person_id = d.person_id and e.no_dues
           and d.month >= date_trunc('month', e.from_on) and (e.until_on is null or d.month <= e.until_on)) as owed
    from dues d;
create or replace function place_by_organisation() returns trigger language plpgsql as $$
declare day date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
begin
  new.path := case when tg_op = 'INSERT' then organisation_path(new.org_id, day) else standing_path(new.org_id, day) end;
  if new.path = '{}' then
    raise exception 'organisation % has no place in the tree today', new.org_id using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
create or replace function place_person() returns trigger language plpgsql as $$
begin
  new.path := organisation_path(new.org_id, (now() at time zone 'Asia/Ho_Chi_Minh')::date);
  if new.path = '{}' then
    raise exception 'organisation % has no place in the tree today', new.org_id using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
