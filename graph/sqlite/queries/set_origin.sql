UPDATE origin SET name = ?
