drop table projection_version;
