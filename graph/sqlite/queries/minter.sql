SELECT b.id FROM node AS n JOIN bundle AS b ON b.position = n.minter WHERE n.id = ?
