"""Names corrected in one place and carried into the records that stand, after a look at what changes."""
