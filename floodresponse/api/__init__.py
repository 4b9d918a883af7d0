"""The flood command post in the API, by noun."""
