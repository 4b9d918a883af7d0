"""Pages of warnings (预警) before a response."""
