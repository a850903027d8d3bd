\set person random(1, 10000)
SELECT * FROM person WHERE id = :person;
