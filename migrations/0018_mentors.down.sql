drop table person_mentors;
