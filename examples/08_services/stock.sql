create table stock (shoe text primary key, pairs integer);
insert into stock values ('boots', 12), ('sandals', 3), ('trainers', 40);
