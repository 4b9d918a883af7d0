"""Whole issues of the gazette: what may stand in one, how it is printed, its pages."""
