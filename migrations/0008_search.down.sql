drop function find_people(integer, text[], bytea, text[], text[], date, bytea, bigint, integer);
