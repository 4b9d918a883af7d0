"""The heating season: targets and duty groups of the notice, as a list of their own."""
