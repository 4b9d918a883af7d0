"""Signing in and out, on record. Whether it succeeds is the business of the sign-in itself."""

from datetime import datetime

from foundation.services.audit import record_change
from organizations.models import User


def record_sign_in(*, user: User, at: datetime) -> None:
    """Somebody signed in."""
    record_change(actor=user, action="user.sign_in", target=user, at=at)


def record_failed_sign_in(*, username: str, at: datetime) -> None:
    """Somebody tried a name with a wrong password, or a name that nobody has."""
    known = User.objects.filter(username=username).first()
    target = known or User(username=username)
    record_change(actor=None, action="user.fail_sign_in", target=target, at=at, after={"username": username})


def record_failed_factor(*, user: User, at: datetime) -> None:
    """Somebody who knows the password gave a wrong code, or one that was used before."""
    record_change(actor=None, action="user.fail_second_factor", target=user, at=at)


def record_sign_out(*, user: User, at: datetime) -> None:
    """Somebody signed out."""
    record_change(actor=user, action="user.sign_out", target=user, at=at)


def record_password_change(*, user: User, at: datetime) -> None:
    """Somebody chose another password."""
    record_change(actor=user, action="user.change_password", target=user, at=at)


def record_identity(*, user: User, at: datetime, uid: str) -> None:
    """Somebody came by the city's sign-on for the first time; from now on that number opens the account."""
    record_change(actor=user, action="user.bind_identity", target=user, at=at, after={"number": uid})


def record_second_factor(*, user: User, what: str, at: datetime) -> None:
    """Somebody set up a second factor or took one away; ``what`` is the library's word for it."""
    record_change(actor=user, action="user.change_second_factor", target=user, at=at, after={"step": what})
