drop table member_exemptions;
