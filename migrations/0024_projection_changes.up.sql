-- What projections depend on may change again while they are computed anew: the changes are counted,
-- and after how many of them the stored projections were computed.
alter table projection_version
  add column changes bigint not null default 0,
  add column applied bigint not null default 0;
