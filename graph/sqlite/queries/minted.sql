SELECT count(*) FROM node WHERE minter IS NOT NULL
