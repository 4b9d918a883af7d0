"""Where a change comes from: the current request, carried beside the call.

Services record who and why explicitly; the address and the request id are
facts of the transport, so the middleware leaves them here for the audit log.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a call came from: ``address`` is an IP or a name such as ``command``.

    ``refusals`` collects what was refused during the call, also where a page
    turned the refusal into a message.
    """

    request_id: str = ""
    address: str = ""
    refusals: list[str] = field(default_factory=list, compare=False)


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current_origin() -> Origin:
    """The origin of the running call; empty outside a request."""
    return _origin.get() or Origin()


@contextmanager
def call_from(origin: Origin) -> Iterator[None]:
    """Everything recorded inside the block comes from ``origin``."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


class RequestIdFilter(logging.Filter):
    """Puts the request id on every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add ``request_id``; never drops a record."""
        record.request_id = current_origin().request_id or "-"
        return True
