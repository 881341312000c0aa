-- Dues are paid apart from the month's meeting too: ahead, or arrears. What was paid so is not undone by
-- what a month's sheet says of everybody who is not named.
alter table dues add column apart boolean not null default false;
alter table dues add check (not apart or state = 'paid');

-- Dues with whether they are owed: entered as not paid, and no decision frees of them.
create view dues_book with (security_invoker = true) as
  select d.person_id, d.month, d.state, d.amount,
         d.state = 'unpaid' and not exists (select from member_exemptions e where e.person_id = d.person_id and e.no_dues
           and d.month >= date_trunc('month', e.from_on) and (e.until_on is null or d.month <= e.until_on)) as owed
    from dues d;
grant select on dues_book to ketnap_app;

-- What was entered as paid ahead by mistake is taken back; a month that has come is corrected on its sheet.
create policy dues_taken_back on dues for delete to ketnap_app
  using (apart and (path && (select viewer_write_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope()))));
grant delete on dues to ketnap_app;
