drop table member_tasks;
