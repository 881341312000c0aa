drop table screenings, assessments, assessment_sheets;
