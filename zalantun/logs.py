"""What the log says, as lines or as JSON, and what does not belong into it."""

import logging
import re

from pythonjsonlogger.json import JsonFormatter

HEALTH = "/healthz"
# A mobile number: the first three digits say the network, the last four are enough to recognise it.
MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def is_no_answer_of_health(record: logging.LogRecord) -> bool:
    """False for Django's ERROR line about a 503 of /healthz: saying so is the page's work, not a fault."""
    return getattr(getattr(record, "request", None), "path_info", "") != HEALTH


def masked(text: str) -> str:
    """The text with the middle of each mobile number covered."""
    return MOBILE.sub(r"\1****\2", text)


class MaskedLine(logging.Formatter):
    """One line for people; the traceback below it is masked as well."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished text, masked."""
        return masked(super().format(record))


class MaskedJson(JsonFormatter):
    """One JSON object on one line for each record, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished text, masked."""
        return masked(super().format(record))
