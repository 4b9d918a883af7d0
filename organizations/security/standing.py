"""How somebody stands with signing in, for the person and for the security administrator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session

from organizations.models import ApiToken, BrowserSession, User
from organizations.secondfactor import is_required_of
from organizations.security.agents import browser_words


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A sign-in that lasts; ``here`` marks that of the reader."""

    row: BrowserSession
    browser: str
    last_seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factor of a person."""

    totp: bool
    keys: int
    recovery_codes: int
    required: bool

    @property
    def is_set_up(self) -> bool:
        """Whether there is one."""
        return self.totp or self.keys > 0


@dataclass(frozen=True, slots=True)
class PasswordAge:
    """Since when a password is in use, and when it has to be changed; ``days_left`` None: never."""

    since: datetime
    days: int
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it."""

    sessions: list[OpenSession]
    tokens: list[ApiToken]
    factors: Factors
    password: PasswordAge


def standing_of(user: User, *, at: datetime, here: str | None = None) -> Standing:
    """Read it; ``here`` is the session key of the reader. Four queries."""
    tokens = list(user.api_tokens.select_related("issued_by"))
    return Standing(_sessions(user, at, here), tokens, factors_of(user), password_age(user, at=at))


def _sessions(user: User, at: datetime, here: str | None) -> list[OpenSession]:
    """Those whose session is still there: others ended by themselves."""
    rows = list(user.browser_sessions.all())
    kept = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=at)
    ends = dict(kept.values_list("session_key", "expire_date"))
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return [
        OpenSession(
            row, browser_words(row.agent), max(ends[row.session_key] - age, row.signed_in_at),
            here=row.session_key == here,
        )
        for row in rows
        if row.session_key in ends
    ]  # fmt: skip


def factors_of(user: User) -> Factors:
    """The second factors of a person; of recovery codes how many are left."""
    kinds = Authenticator.Type
    rows = list(Authenticator.objects.filter(user=user))
    codes = next((row for row in rows if row.type == kinds.RECOVERY_CODES), None)
    return Factors(
        totp=any(row.type == kinds.TOTP for row in rows),
        keys=sum(row.type == kinds.WEBAUTHN for row in rows),
        recovery_codes=len(codes.wrap().get_unused_codes()) if codes else 0,
        required=is_required_of(user),
    )


def password_age(user: User, *, at: datetime) -> PasswordAge:
    """In whole days; ``PASSWORD_MAX_AGE_DAYS`` 0 asks for no change."""
    since = user.password_set_at or user.date_joined
    days, longest = (at - since).days, settings.PASSWORD_MAX_AGE_DAYS
    return PasswordAge(since, days, max(longest - days, 0) if longest else None)
