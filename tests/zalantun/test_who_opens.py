"""Every address as everybody: who is let in stands in ``tests.zalantun.doors``, and nobody else is.

The addresses come from the URL conf. A new one fails here until it is said
who may read it and who may write to it. ``stranger`` is an officer of a
department that has nothing to do with the records, ``officer`` and ``head``
belong to the one that owes them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any, cast

import pytest
from django.db import transaction
from django.test import Client

from foundation.errors import PermissionRefused
from organizations.models import Department, Role, RoleAssignment
from tests.accounts import browser_of, person
from tests.zalantun.doors import EVERYBODY, READ, WRITTEN
from tests.zalantun.everypage import Made, address_of, routes

pytestmark = pytest.mark.django_db
SIGN_IN = ("/accounts/login/", "/admin/login/")
UNIT = {"officer": Role.DEPARTMENT_OFFICER, "head": Role.DEPARTMENT_HEAD}


def caller(who: str, made: Made) -> Client:
    """A browser in which this person has signed in."""
    if who in UNIT:
        department = cast(Department, made["organizations.Department"])
        RoleAssignment.objects.create(user=person(None, who), role=UNIT[who], department=department)
        client = Client()
        client.force_login(person(None, who))
    else:
        client = browser_of({"stranger": "department_officer"}.get(who, who))
    client.raise_request_exception = False
    return client


@contextmanager
def refusals(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The sentences of all refusals for want of a right; a page may show one after leading elsewhere."""
    said: list[str] = []
    real = PermissionRefused.__init__

    def note(self: PermissionRefused, message: str, **more: Any) -> None:
        said.append(message)
        real(self, message, **more)

    with monkeypatch.context() as patch:
        patch.setattr(PermissionRefused, "__init__", note)
        yield said


def is_let_in(client: Client, method: str, address: str, said: list[str]) -> bool:
    """Whether the answer is more than a refusal; what the call did is undone."""
    said.clear()
    cookies = client.cookies.output()
    point = transaction.savepoint()
    response = getattr(client, method)(address)
    transaction.savepoint_rollback(point)
    client.cookies = SimpleCookie(cookies.replace("Set-Cookie: ", ""))
    assert response.status_code != 500, f"{method} {address}"
    leads = response.headers.get("Location", "")
    return response.status_code not in (403, 404, 405) and not leads.startswith(SIGN_IN) and not said


def names(doors: list[tuple[frozenset[str], str]], who: str) -> set[str]:
    return {name for people, listed in doors if who in people for name in listed.split()}


@pytest.mark.slow
@pytest.mark.parametrize("who", sorted(EVERYBODY))
@pytest.mark.parametrize(("method", "doors"), [("get", READ), ("post", WRITTEN)], ids=["reads", "writes"])
def test_everybody_gets_in_where_they_may_and_nowhere_else(
    who: str,
    method: str,
    doors: list[tuple[frozenset[str], str]],
    made: Made,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = caller(who, made)
    with refusals(monkeypatch) as said:
        opened = {
            name
            for name, held in routes()
            if not name.startswith("admin:") and is_let_in(client, method, address_of(name, held, made), said)
        }
    expected = names(doors, who)
    assert (sorted(opened - expected), sorted(expected - opened)) == ([], [])


@pytest.mark.parametrize("doors", [READ, WRITTEN], ids=["reads", "writes"])
def test_every_address_has_one_expectation(doors: list[tuple[frozenset[str], str]]) -> None:
    listed = [name for _, names_of in doors for name in names_of.split()]
    assert sorted(listed) == sorted({name for name, _ in routes() if not name.startswith("admin:")})
