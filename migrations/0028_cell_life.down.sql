drop table member_warnings, warning_answers, dues, cell_attendance, cell_meetings;
