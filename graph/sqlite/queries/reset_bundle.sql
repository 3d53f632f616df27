UPDATE bundle
SET author = ?1, at = ?2, n = ?3, uri = ?4, actor = ?5, key = ?6, said = ?7, ends = ?8, head = ?9
WHERE position = ?10
  AND (author, at, n, uri, actor, key, said, ends, head) IS NOT (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
