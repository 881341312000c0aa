revoke delete on dues from ketnap_app;
drop policy dues_taken_back on dues;
drop view dues_book;
alter table dues drop column apart;
