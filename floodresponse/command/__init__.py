"""The command screen: what it asks the database (``facts``) and what it makes of it, part by part (pure)."""
