"""How far a document is, taken from what WeasyPrint says while it works."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PAGE = re.compile(r"Creating layout - Page (\d+)")
LOGGER = logging.getLogger("weasyprint.progress")


class PageHandler(logging.Handler):
    """Hands each page's number on."""

    def __init__(self, report: Callable[[int], None]) -> None:
        super().__init__(logging.INFO)
        self.report = report

    def emit(self, record: logging.LogRecord) -> None:
        """Report a page; other steps are not reported."""
        found = PAGE.search(record.getMessage())
        if found:
            self.report(int(found[1]))


@contextmanager
def pages_reported(report: Callable[[int], None]) -> Iterator[None]:
    """Inside, ``report`` is called with the number of each page that is begun."""
    handler, level, propagate = PageHandler(report), LOGGER.level, LOGGER.propagate
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)
        LOGGER.propagate = propagate
