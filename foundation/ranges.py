"""Parts of a file as a player asks for them (RFC 9110, section 14); pure."""

import re

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class NotSatisfiable(Exception):
    """The asked part begins behind the end."""


def part_of(header: str, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last; None: all of it (several ranges, or nothing sensible).

    Raises NotSatisfiable for a part that is not there.
    """
    found = ONE_RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(size - int(last), 0), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
    if begin >= size:
        raise NotSatisfiable
    return (begin, end) if begin < end else None
