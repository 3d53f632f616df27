UPDATE bundle SET counts = uri IS NOT NULL, lives = 0
