UNWIND $rows AS row
CREATE (b:Name:Bundle)
SET b = row
