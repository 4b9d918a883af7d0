"""Documents written in the browser: files, numbers, legal states, texts, correction notices."""
