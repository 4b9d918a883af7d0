"""Lists of the admin are narrowed by what stands beside them; no other column is guessed letter by letter."""

import pytest
from django.contrib import admin
from django.urls import reverse

from foundation.admin import RecordAdmin
from organizations.models import FormerPassword, User
from organizations.rules import PERMISSIONS
from organizations.services.sessions import note_session
from tests.accounts import browser_of, person
from tests.zalantun.everypage import Made

pytestmark = pytest.mark.django_db
ENTERING = PERMISSIONS["organizations.enter_admin_site"]


def offered(page: RecordAdmin) -> set[str]:
    """What the list can be narrowed by."""
    asked = [part[0] if isinstance(part, tuple | list) else part for part in page.list_filter]
    return {str(name) for name in (*asked, page.date_hierarchy) if name}


def test_no_column_of_any_list_can_be_asked_for_beside_its_filters(made: Made) -> None:
    taken, tried = [], 0
    for model, page in admin.site._registry.items():
        readers = PERMISSIONS[page.may_view] & ENTERING if isinstance(page, RecordAdmin) else frozenset()
        if not isinstance(page, RecordAdmin) or not readers:
            continue
        client = browser_of(min(readers).value)
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(address).status_code == 200
        for column in model._meta.concrete_fields:
            if any(name.split("__")[0] == column.name for name in offered(page)):
                continue
            tried += 1
            if client.get(address, {f"{column.name}__gt": "1"}).status_code != 400:
                taken.append(f"{address} {column.name}")
    assert taken == []
    assert tried > 300


@pytest.mark.parametrize("value", ["abc", "xyz"])
def test_the_system_administrator_spells_no_key_of_anybodys_session(value: str) -> None:
    at = person("commander").date_joined
    note_session(user=person("commander"), at=at, session_key="abcdef", address="", agent="")
    address = reverse("admin:organizations_browsersession_changelist")
    assert browser_of("system_admin").get(address, {"session_key__startswith": value}).status_code == 400


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (User, "password__startswith"),
        (User, "browser_sessions__session_key__startswith"),
        (User, "former_passwords__password__startswith"),
        (FormerPassword, "user__password__startswith"),
    ],
)
def test_no_administrator_spells_a_password(
    role: str, model: type[User | FormerPassword], lookup: str
) -> None:
    address = reverse(f"admin:organizations_{model._meta.model_name}_changelist")
    assert browser_of(role).get(address, {lookup: "pbkdf2"}).status_code in (400, 403)


@pytest.mark.parametrize(
    "query",
    [{"is_active__exact": "1"}, {"assignments__role__exact": "viewer"}, {"date_joined__year": "2026"}],
)
def test_the_filters_beside_the_list_work(query: dict[str, str]) -> None:
    address = reverse("admin:organizations_user_changelist")
    assert browser_of("system_admin").get(address, query).status_code == 200
