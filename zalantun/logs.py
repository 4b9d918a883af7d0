"""What does not belong into the log."""

import logging

HEALTH = "/healthz"


def is_no_answer_of_health(record: logging.LogRecord) -> bool:
    """False for Django's ERROR line about a 503 of /healthz: saying so is the page's work, not a fault."""
    return getattr(getattr(record, "request", None), "path_info", "") != HEALTH
