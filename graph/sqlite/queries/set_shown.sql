UPDATE node SET kind = ?, shown = ? WHERE k = ?
