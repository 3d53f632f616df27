SELECT header, signature, body FROM content WHERE position = ?
