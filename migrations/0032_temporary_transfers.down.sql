-- Without them a temporary transfer cannot be told from one for good: they go.
delete from transfers where form = 'temporary';
drop index transfers_back;
drop index transfers_away;
alter table transfers
  drop constraint transfers_returned,
  drop constraint transfers_time,
  drop constraint transfers_state_check,
  add constraint transfers_state_check check (state in ('issued', 'presented', 'accepted', 'refused', 'cancelled')),
  drop column start_by,
  drop column moved_on,
  drop column returned_on,
  drop column until_on,
  drop column form;
