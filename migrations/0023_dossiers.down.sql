drop table verification_letters, person_documents, document_kinds;
delete from shipped_defaults where key like 'form:%';
