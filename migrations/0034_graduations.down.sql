drop table graduations;
