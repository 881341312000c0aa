alter table milestones drop column occasion;
