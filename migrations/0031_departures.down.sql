drop table departure_acts, departure_cases;
-- Decisions on cases stay in the register; no new ones are taken.
alter table decisions drop constraint decisions_kind_check;
alter table decisions add constraint decisions_kind_check
  check (kind in ('admission', 'recognition', 'extension', 'cancellation')) not valid;
