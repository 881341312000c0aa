drop table submission_moves, submissions;
