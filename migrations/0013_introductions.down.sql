drop table introduction_people, introductions;
