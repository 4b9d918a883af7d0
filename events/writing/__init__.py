"""Entries written in the browser: texts, their versions, correction notices."""
