"""Finding documents: rosters over all of them, what is cited and not held, lists to take along, following."""
