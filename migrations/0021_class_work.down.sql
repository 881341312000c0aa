drop trigger classes_closed on classes;
drop function close_class_members, class_counts, open_classes;
drop table class_number_gaps, class_papers, class_attendance, class_members, class_sessions;
alter table classes drop column kind, drop column capacity, drop column attendance_min, drop column pass_mark, drop column closed_on;
