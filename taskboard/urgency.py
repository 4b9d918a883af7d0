"""In which order a department's work waits for it."""

OVERDUE, SOON, SIGN, RETURNED, GOING = range(1, 6)
