"""Parts of the chronicle's addresses: years in four digits, months and days in two."""

LAST_YEAR = 9998


class Year:
    """A year from 1000 to 9998: Python's calendar ends in the one after."""

    regex = "[1-9][0-9]{3}"

    def to_python(self, value: str) -> int:
        """The number."""
        if int(value) > LAST_YEAR:
            raise ValueError("no calendar reaches so far")
        return int(value)

    def to_url(self, value: int) -> str:
        """Four digits."""
        return f"{int(value):04d}"


class TwoDigits:
    """A month or day; whether it exists is for the view to say."""

    regex = "[0-9]{2}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Two digits."""
        return f"{int(value):02d}"
