"""Fields that an operation does not name change nothing, whatever they are called.

Each operation that writes is called twice from the same state: as it is described, and with every column
name of the portal added. Afterwards both databases are the same, or the second was refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import schemathesis
import time_machine
from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, models, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings

from organizations.models import Role
from tests.api.world import Caller, build
from zalantun.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WRITING = {"post", "put", "patch", "delete"}
FOREIGN = 987654321
# What differs between any two calls: moments, marks drawn at random, the chain of hashes.
UNSTEADY = (models.DateTimeField, models.UUIDField)
UNSTEADY_NAMES = {"hash", "previous_hash", "request_id", "digest", "dedupe_key", "batch", "tier"}
WHO_WRITE = (
    Role.EDITOR, Role.PUBLISHER, Role.SUPERVISOR, Role.DEPARTMENT_OFFICER, Role.DUTY_OFFICER, Role.COMMANDER,
)  # fmt: skip
LEFT_OUT = {"sessions", "axes", "contenttypes", "migrations"}


def column_names() -> dict[str, Any]:
    """Every column of every record with a value that would matter, and names that frameworks know."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            for name in {column.name, column.attname}:
                found.setdefault(name, _value_for(column))
    return {**found, "pk": FOREIGN, "roles": ["commander"], "groups": [1], "_state": {}, "assignments": []}


def _value_for(column: Any) -> Any:
    if column.choices:
        return list(dict(column.flatchoices))[-1]
    if isinstance(column, models.BooleanField):
        return True
    if isinstance(column, models.DateTimeField):
        return "2001-02-03T04:05:06+08:00"
    if isinstance(column, models.DateField):
        return "2001-02-03"
    if column.is_relation and not column.primary_key:
        return 1
    if isinstance(column, models.IntegerField | models.AutoField | models.DecimalField | models.FloatField):
        return FOREIGN
    return "外来的值"


def everything_stored() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but for what no two calls share."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in LEFT_OUT or not model._meta.managed:
            continue
        steady = [
            column.attname
            for column in model._meta.concrete_fields
            if not isinstance(column, UNSTEADY) and column.name not in UNSTEADY_NAMES
        ]
        rows = model._base_manager.order_by("pk").values_list(*steady)
        found[model._meta.label] = [tuple(map(str, row)) for row in rows]
    return found


def named_by(whole: Mapping[str, Any], path: str, method: str) -> set[str]:
    """The fields that may be sent, of whatever depth."""
    content = whole["paths"][path][method].get("requestBody", {}).get("content", {})
    return _writable(whole, content["application/json"]["schema"]) if "application/json" in content else set()


def _writable(whole: Mapping[str, Any], part: Mapping[str, Any]) -> set[str]:
    if "$ref" in part:
        return _writable(whole, whole["components"]["schemas"][part["$ref"].rsplit("/", 1)[-1]])
    fields = {name: field for name, field in part.get("properties", {}).items() if not field.get("readOnly")}
    inside = (*part.get("allOf", ()), *part.get("oneOf", ()), part.get("items", {}), *fields.values())
    return set(fields).union(*(_writable(whole, inner) for inner in inside if inner))


def with_more(body: Any, more: Mapping[str, Any]) -> Any:
    """The same body, each of its objects with the further fields."""
    if isinstance(body, list):
        return [with_more(item, more) for item in body]
    return {**more, **body} if isinstance(body, dict) else body


@pytest.fixture
def schema() -> Iterator[Any]:
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Twice:
    """Calls operations twice from one state, and counts what was really carried out."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers, self.more, self.done = headers, column_names(), set[str]()
        self.asked = 0

    def ask(self, case: Any, names: set[str], real: str) -> None:
        """Raises AssertionError where the further fields made a difference."""
        path = re.sub(r"\{(id|slug|pk)\}", real or str(FOREIGN), case.operation.path)
        body = case.body if isinstance(case.body, dict | list) else {}
        more = {name: value for name, value in self.more.items() if name not in names}
        # One moment for both: titles and texts name the minute.
        with time_machine.travel(timezone.now(), tick=False):
            status, plain = self._after(case.method, path, body)
            again, added = self._after(case.method, path, with_more(body, more))
        self.asked += 1
        assert again in (status, 400), (case.method, path, status, again)
        if status < 400:
            self.done.add(f"{case.method} {case.operation.path}")
        if again == status < 400:
            for table, rows in plain.items():
                assert added[table] == rows, (case.method, path, table)

    def _after(self, method: str, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        """The status, and what is stored then; the state from before comes back."""
        caller = Caller("anonymous").http
        caller.credentials(HTTP_AUTHORIZATION=self.headers["Authorization"])
        with transaction.atomic():
            answer = getattr(caller, method.lower())(path, body, format="json")
            stored = everything_stored() if answer.status_code < 400 else {}
            transaction.set_rollback(True)
        assert answer.status_code < 500, (method, path)
        return answer.status_code, stored


def number_of_one(caller: Caller, path: str) -> str:
    """A record that the list above the address shows to the caller; empty where there is none."""
    above = path.split("{", 1)[0].removeprefix("/api/v1/")
    if above == path.removeprefix("/api/v1/"):
        return ""
    answer = caller.http.get(f"/api/v1/{above}")
    rows = answer.json().get("results", []) if answer.status_code == 200 else []
    return str(rows[0].get("id", rows[0].get("slug", ""))) if rows else ""


def asking(twice: Twice, operation: Any, names: set[str], real: str) -> Callable[[], None]:
    """Some generated calls of one operation."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=3,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        twice.ask(case, names, real)

    return ask


@pytest.mark.skipif(connection.vendor != "sqlite", reason="keys drawn from a sequence do not come back")
@pytest.mark.parametrize("role", WHO_WRITE)
def test_fields_that_an_operation_does_not_name_change_nothing(schema: Any, role: Role) -> None:
    world = build()
    unit = world.department if role == Role.DEPARTMENT_OFFICER else None
    caller = Caller(role, unit)
    twice, whole = Twice(caller.headers), Client().get("/api/v1/schema/").json()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.method not in WRITING:
            continue
        if caller.http.generic(operation.method, operation.path).status_code == 403:
            continue  # not for this role, whatever is sent
        names = named_by(whole, operation.path, operation.method)
        asking(twice, operation, names, number_of_one(caller, operation.path))()
    assert twice.asked >= 10
    assert twice.done
