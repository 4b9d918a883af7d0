"""The chronicle across its years: this day in all of them, days of a year, months in numbers, time lines."""
