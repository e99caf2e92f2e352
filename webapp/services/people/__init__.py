"""People: their accounts, how they sign in, and whose data they looked at."""
