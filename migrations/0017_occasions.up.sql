-- The occasion of the ceremony with which somebody was admitted, so that reports group by it.
alter table milestones add column occasion text not null default '';
