-- Lists of those whom a mentor helps, and of those who were honoured.
create index person_mentors_name on person_mentors (name, person_id);
create index titles_kind on titles (kind, person_id);
