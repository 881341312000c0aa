drop table audit_chain;
drop table audit_entries;
drop function viewer_audit_scope();
