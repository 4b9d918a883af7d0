"""Pages of what is ordered below level IV: the measures for light and heavy rain."""
