drop index steps_of_decisions;
