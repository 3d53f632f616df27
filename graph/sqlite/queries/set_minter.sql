UPDATE node SET minter = ? WHERE k = ?
