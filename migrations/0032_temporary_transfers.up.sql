-- Members are transferred for good, inside one grassroots organisation, for a time or abroad. Who goes for
-- a time stays counted where he was, and comes back; the time may be extended.
alter table transfers
  add column form text not null default 'official' check (form in ('official', 'internal', 'temporary', 'abroad')),
  add column until_on date,                                -- of a temporary one
  add column returned_on date,
  add column moved_on date,                                -- when he moved house or changed work; optional
  add column start_by date,                                -- by the rule of that day
  drop constraint transfers_state_check,
  add constraint transfers_state_check check (state in ('issued', 'presented', 'accepted', 'refused', 'cancelled', 'returned')),
  add constraint transfers_time check ((form = 'temporary') = (until_on is not null)),
  add constraint transfers_returned check ((state = 'returned') = (returned_on is not null) and (returned_on is null or form = 'temporary'));
create index transfers_away on transfers (org_id) where form = 'temporary' and state = 'accepted';
create index transfers_back on transfers (until_on, id) where form = 'temporary' and state = 'accepted';
grant update (until_on, returned_on) on transfers to ketnap_app;
