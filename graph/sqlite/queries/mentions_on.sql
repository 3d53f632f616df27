SELECT id, k FROM node WHERE id > 'mention:' || ?1 || '/' AND id < 'mention:' || ?1 || '0'
