"""Short wording made from long."""

TITLE_LENGTH = 40


def first_clause(text: str, limit: int = TITLE_LENGTH) -> str:
    """The first clause of a text, cut at ``limit`` characters: a working title for a record without one."""
    first = text.split("。")[0].split("，")[0].strip()
    return first if len(first) <= limit else first[: limit - 1] + "…"
