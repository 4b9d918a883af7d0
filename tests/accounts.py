"""People with roles, for tests of pages."""

from datetime import UTC, datetime
from typing import cast

from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.models import ApiToken, User
from organizations.services.tokens import digest_of
from tests.factories import UserFactory


def person(role: str | None = None, name: str = "") -> User:
    """A user, with one role in the whole portal when one is named; the same one when asked again."""
    username = name or f"a-{role or 'nobody'}"
    known = User.objects.filter(username=username).first()
    return known or cast(User, UserFactory(username=username, role=role or ""))


def browser_of(role: str | None) -> Client:
    """A browser in which a person of the role has signed in; of a visitor when the role is ``anonymous``."""
    client = Client()
    if role != "anonymous":
        client.force_login(person(role))
    return client


def reads_of_the_page(captured: CaptureQueriesContext) -> int:
    """How many queries the page itself made: without finding out who asks, keeping the session alive
    and writing down, once a minute, that a file was taken along."""
    overhead = (
        *("django_session", "SAVEPOINT", "auth_permission", "organizations_user", "roleassignment"),
        *("foundation_repeatedaccess", "foundation_audithead", 'INSERT INTO "foundation_auditentry"'),
    )
    return sum(not any(word in query["sql"] for word in overhead) for query in captured)


def token_for(user: User, scope: str = "all") -> str:
    """A token of the user for the API, without anything on record; the same one when asked again."""
    text = f"token-{scope}-{user.pk}"
    known = {"user": user, "name": "测试", "scope": scope, "start": text[:8]}
    times = {"issued_at": datetime(2020, 1, 1, tzinfo=UTC), "expires_at": datetime(2099, 1, 1, tzinfo=UTC)}
    ApiToken.objects.get_or_create(digest=digest_of(text), defaults={**known, **times})
    return text
