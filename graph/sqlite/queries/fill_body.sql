UPDATE content SET body = ? WHERE position = ? AND body IS NULL
