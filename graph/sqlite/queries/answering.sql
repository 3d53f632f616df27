SELECT b.id FROM answer AS a JOIN bundle AS b ON b.position = a.bundle WHERE a.target = ? AND a.verb IN ('retracts', 'supersedes')
