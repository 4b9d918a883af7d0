"""Errors that a person can act on.

Every rule a service enforces ends in a ``DomainError``; web pages and the API
show its message, which is a complete Chinese sentence: what happened, what to do.
"""

from foundation.context import current_origin


class DomainError(Exception):
    """A rule of the house was not met; ``message`` is shown to the person."""

    status = 400

    def __init__(self, message: str, *, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}


class InvalidInput(DomainError):
    """What was entered cannot be used; ``fields`` names the fields."""

    status = 400


class PermissionRefused(DomainError):
    """The person may not do this; the audit log hears of it, whatever the page makes of it."""

    status = 403

    def __init__(self, message: str, *, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message, fields=fields)
        current_origin().refusals.append(message)


class StateConflict(DomainError):
    """The record is no longer in the state that this step starts from."""

    status = 409
