-- What an ended cell entered and nobody approved is entered anew by the cell in which the member goes on.
drop policy assessments_changed on assessments;
create policy assessments_changed on assessments for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())))
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
drop policy screenings_changed on screenings;
create policy screenings_changed on screenings for update to ketnap_app
  using (path && (select viewer_write_scope()) or (select viewer_is_system())
         or exists (select from people p where p.id = person_id and p.path && (select viewer_write_scope())))
  with check (path && (select viewer_write_scope()) or (select viewer_is_system()));
