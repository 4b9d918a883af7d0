"""A person's own page about signing in: open sessions, tokens, second factor, password."""
