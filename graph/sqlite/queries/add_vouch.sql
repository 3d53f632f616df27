INSERT INTO vouch (record, run) VALUES (?, ?)
