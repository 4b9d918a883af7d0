"""After a response: what it cost and taught, and the report on it."""
