SELECT coalesce(max(k) + 1, 1) FROM node
