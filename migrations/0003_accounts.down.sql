drop function viewer_people_scope();
drop table sign_in_failures;
drop table sessions;
drop table grants;
drop table accounts;
