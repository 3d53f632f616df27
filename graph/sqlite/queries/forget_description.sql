DELETE FROM description
