drop policy milestones_seen on milestones;
drop policy milestones_added on milestones;
drop policy milestones_taken_back on milestones;
create policy milestones_seen on milestones for select to ketnap_app
  using (path && (select viewer_people_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.introduced_by = (select viewer_account())));
create policy milestones_added on milestones for insert to ketnap_app
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
create policy milestones_taken_back on milestones for delete to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system()));
drop function receive_transferred(bigint, date);
drop table transfers;
drop function place_transfer();
