drop table local_criteria;
drop table titles;
drop table study_results;
