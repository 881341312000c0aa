-- The steps of decisions by day: what is not in the register yet is looked for by period.
create index steps_of_decisions on steps (happened_on, id) where kind in ('extended', 'decided', 'recognition_decision');
