"""Can it be reproduced, is it attributed, does the record hold."""
