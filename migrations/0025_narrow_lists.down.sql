drop index person_mentors_name, titles_kind;
