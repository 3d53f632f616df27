INSERT INTO previous (earlier, bundle) VALUES (?, ?)
