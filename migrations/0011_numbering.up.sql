-- The last number given in each series of numbered papers. The row is held until the paper's
-- transaction ends, so that numbers have no gaps: a paper that is not written gives its number back.
create table number_series (
  kind   text not null,                     -- decision, certificate, …
  org_id integer not null references organisations,
  year   integer not null,
  last   integer not null check (last >= 0),
  primary key (kind, org_id, year));
grant select, insert, update on number_series to ketnap_app;
