"""The audit log as the audit administrator reads it."""
