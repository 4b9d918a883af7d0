"""The duty roster: days of duty, gaps, the month, sheets and pages."""
