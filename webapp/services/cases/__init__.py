"""Cases (办理): applied for, decided, returned, ended; what is written and what is shown of them."""
