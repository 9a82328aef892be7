"""Who is who: roles, accounts, sessions, tokens."""
