SELECT b.id FROM vouch AS v JOIN bundle AS b ON b.position = v.run WHERE v.record = ?
