drop table number_series;
