"""Every address of the admin as everybody: what the rules name and no more; nobody raises oneself there."""

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from foundation.admin import RecordAdmin
from organizations.models import Role, RoleAssignment, User
from organizations.rules import PERMISSIONS
from tests.accounts import browser_of, person
from tests.zalantun.doors import EVERYBODY
from tests.zalantun.everypage import Made, address_of, routes

pytestmark = pytest.mark.django_db
OFFICER, HEAD = "department_officer", "department_head"
ROLES = {"anonymous": None, "stranger": OFFICER, "officer": OFFICER, "head": HEAD}
ENTERING = PERMISSIONS["organizations.enter_admin_site"]
# What may be written in the admin is told once more here: a slip in a page's own settings shows.
WRITERS = {
    "organizations_roleassignment": {"security_admin"},
    "organizations_user": {"system_admin"},
    "floodresponse_networkaccount": {"security_admin"},
    "organizations_apitoken": set(),
    "organizations_browsersession": set(),
    "organizations_formerpassword": set(),
    "foundation_auditentry": set(),
    "foundation_audithead": set(),
}


def pages() -> dict[str, RecordAdmin]:
    """By the middle of their addresses' names."""
    return {
        f"{model._meta.app_label}_{model._meta.model_name}": page
        for model, page in admin.site._registry.items()
        if isinstance(page, RecordAdmin)
    }


def may(page: RecordAdmin, step: str, role: str | None) -> bool:
    permission = {
        "changelist": page.may_view,
        "history": page.may_view,
        "change": page.may_view,
        "add": page.may_add,
        "delete": page.may_delete,
    }[step]
    return role in ENTERING and bool(permission) and role in PERMISSIONS[permission]


def status_of(client: Client, method: str, address: str) -> int:
    """What it answers; what the call did is undone."""
    point = transaction.savepoint()
    answer = getattr(client, method)(address)
    transaction.savepoint_rollback(point)
    assert answer.status_code < 500, f"{method} {address}"
    leads = answer.headers.get("Location", "")
    return 403 if leads.startswith(("/admin/login/", "/accounts/login/")) else answer.status_code


@pytest.mark.slow
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_everybody_sees_and_writes_what_the_rules_name(who: str, made: Made) -> None:
    role = ROLES.get(who, who)
    client = browser_of(role or "anonymous")
    client.raise_request_exception = False
    wrong = []
    for name, held in routes():
        if not name.startswith("admin:") or name.count("_") < 2:
            continue
        label, step = name.removeprefix("admin:").rsplit("_", 1)
        page = pages().get(label)
        if page is None or step not in ("changelist", "history", "change", "add", "delete"):
            continue
        opened = status_of(client, "get", address_of(name, held, made)) == 200
        if opened is not may(page, step, role):
            wrong.append((name, opened))
        writes = page.may_change if step == "change" else page.may_add if step == "add" else page.may_delete
        if step in ("change", "add", "delete"):
            let_in = status_of(client, "post", address_of(name, held, made)) not in (403, 404, 405)
            allowed = role in ENTERING and bool(writes) and role in PERMISSIONS[writes]
            if let_in is not allowed:
                wrong.append((f"post {name}", let_in))
    assert wrong == []


def test_what_guards_the_guards_is_written_by_those_alone() -> None:
    found = {}
    for label in WRITERS:
        page = pages()[label]
        named = [getattr(page, f"may_{step}") for step in ("add", "change", "delete")]
        found[label] = {str(role) for permission in named if permission for role in PERMISSIONS[permission]}
    assert found == WRITERS


@pytest.mark.parametrize("role", Role.values)
class TestNobodyRaisesOneself:
    def test_by_giving_oneself_a_role(self, role: str) -> None:
        client = browser_of(role)
        for wanted in Role.values:
            if wanted == role:
                continue
            values = {"user": person(role).pk, "role": wanted}
            client.post("/admin/organizations/roleassignment/add/", values)
        assert list(person(role).assignments.values_list("role", flat=True)) == [role]

    def test_by_fields_that_no_form_shows(self, role: str) -> None:
        own = person(role)
        values = {
            "display_name": "我",
            "email": "",
            "is_active": "on",
            "reason": "试",
            "is_superuser": "on",
            "is_staff": "on",
            "groups": ["1"],
            "user_permissions": ["1", "2"],
            "assignments-TOTAL_FORMS": "1",
            "assignments-INITIAL_FORMS": "0",
            "assignments-0-user": str(own.pk),
            "assignments-0-role": "commander",
        }
        browser_of(role).post(f"/admin/organizations/user/{own.pk}/change/", values)
        fresh = User.objects.get(pk=own.pk)
        assert not fresh.is_superuser
        assert fresh.is_staff is own.is_staff
        assert not fresh.groups.exists() and not fresh.user_permissions.exists()
        assert list(fresh.assignments.values_list("role", flat=True)) == [role]

    def test_by_a_mark_of_the_framework(self, role: str) -> None:
        own = person(role)
        User.objects.filter(pk=own.pk).update(is_superuser=True, is_staff=True)
        fresh = User.objects.get(pk=own.pk)
        held = {name for name in PERMISSIONS if fresh.has_perm(name)}
        assert held == {name for name, roles in PERMISSIONS.items() if role in roles}


def test_the_admin_has_no_page_for_groups_permissions_sessions_or_factors() -> None:
    registered = {model._meta.label for model in admin.site._registry}
    forbidden = {"auth.Group", "auth.Permission", "sessions.Session", "mfa.Authenticator"}
    forbidden |= {"socialaccount.SocialAccount", "socialaccount.SocialApp", "authtoken.Token"}
    assert registered.isdisjoint(forbidden)


@pytest.mark.parametrize("first", ["system_admin", "security_admin", "audit_admin"])
@pytest.mark.parametrize("second", ["system_admin", "security_admin", "audit_admin"])
def test_the_three_administrators_stay_three_people_in_the_admin(first: str, second: str) -> None:
    user = person(first, "one")
    other = person("security_admin", "another")
    client = Client()
    client.force_login(other)
    address = reverse("admin:organizations_roleassignment_add")
    client.post(address, {"user": user.pk, "role": second})
    assert list(RoleAssignment.objects.filter(user=user).values_list("role", flat=True)) == [first]
