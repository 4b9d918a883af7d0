"""How fast the portal is, beside the least that the same work costs: ``python -m benchmarks``."""
