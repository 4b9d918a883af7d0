"""Ready before the rain: what is missing, line by line, with a way to mend it."""
