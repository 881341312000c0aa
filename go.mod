module ketnap

go 1.26
