SELECT v.record, b.id, b.at
FROM json_each(?2) AS j
CROSS JOIN vouch AS v ON v.record = substr(?1, j.value, 32)
CROSS JOIN bundle AS b ON b.position = v.run
