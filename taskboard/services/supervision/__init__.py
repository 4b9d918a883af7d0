"""Writes of supervision: look-backs, findings, listed supervision, special inspections."""
