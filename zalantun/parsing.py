"""What is sent to the API, read without following it anywhere."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

# As many as one call may hand in readings; each item of a list may cost a question to the database.
MOST_ITEMS = 5_000


class ShallowJSONParser(JSONParser):
    """JSON; brackets within brackets and items of lists by the thousand are refused, not followed."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """What was sent."""
        try:
            given = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("内容嵌套过深，不能识别。请检查后再发送。") from error
        if _items_of(given) > MOST_ITEMS:
            raise ParseError(f"列表中的内容合计超过 {MOST_ITEMS} 项，请分几次发送。")
        return given


def _items_of(given: Any) -> int:
    """How many items all lists within have, however deep."""
    count, waiting = 0, [given]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            count += len(one)
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
    return count
