drop table review_people;
drop table reviews;
