alter table projection_version drop column changes, drop column applied;
