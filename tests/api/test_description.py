"""The description under ``/api/v1/schema/``: valid, complete, and what is answered conforms to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from organizations.models import Role
from tests.api.world import Caller, build
from zalantun.wsgi import application

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
WRITING = {"post", "put", "patch", "delete"}
PATHS = {
    "events/",
    "events/{id}/",
    "directives/",
    "directives/{id}/",
    "unresolved-citations/",
    "issues/",
    "issues/{id}/",
    "tasks/",
    "tasks/{id}/",
    "task-lists/",
    "task-lists/{id}/",
    "task-lists/{id}/sheet/",
    "task-lists/{id}/sheet/confirm/",
    "ledgers/",
    "ledgers/{id}/",
    "ledger-rows/",
    "ledger-rows/{id}/",
    "departments/",
    "departments/{slug}/",
    "people/",
    "people/{id}/",
    "flood/matrix/",
    "flood/assessment/",
    "flood/readings/",
    "flood/stations/",
    "flood/responses/",
    "flood/responses/{id}/",
    "flood/responses/{id}/adjust/",
    "flood/responses/{id}/terminate/",
    "flood/responses/{id}/keep/",
    "flood/responses/decline/",
    "flood/actions/{id}/acknowledge/",
    "flood/actions/{id}/done/",
    "flood/sirens/{id}/sounded/",
    "flood/losses/",
    "flood/reporting-units/",
    "flood/signs/",
    "flood/signs/{id}/end/",
}


def description() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/v1/schema/").json()
    return found


def test_it_is_valid_openapi_3_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    found = description()
    validate_schema(found)
    assert found["openapi"].startswith("3.")
    assert capsys.readouterr().err == ""


def test_it_names_every_path_and_filter() -> None:
    paths = description()["paths"]
    assert {path.removeprefix("/api/v1/") for path in paths} >= PATHS

    def parameters(path: str) -> set[str]:
        return {parameter["name"] for parameter in paths[f"/api/v1/{path}"]["get"]["parameters"]}

    paging = {"page", "page_size", "ordering"}
    assert parameters("events/") >= {
        *paging, "q", "date_from", "date_to", "official", "department", "topic",
    }  # fmt: skip
    assert parameters("directives/") >= {
        *paging, "q", "issuer", "kind", "status", "as_of", "issued_from", "issued_to",
    }  # fmt: skip
    assert parameters("tasks/") >= {
        *paging, "q", "lead", "support", "state", "light", "due_before", "list", "as_of",
    }  # fmt: skip
    assert "as_of" in parameters("directives/{id}/")
    several = [p for p in paths["/api/v1/events/"]["get"]["parameters"] if p["name"] == "official"]
    assert several[0]["schema"] == {"type": "array", "items": {"type": "string", "maxLength": 100}}


def test_it_comes_as_yaml_to_who_asks_for_it() -> None:
    response = Client().get("/api/v1/schema/", headers={"Accept": "application/yaml"})
    assert yaml.safe_load(response.content) == description()


def test_what_people_read_in_it_is_chinese() -> None:
    for path in PATHS:
        for operation in description()["paths"][f"/api/v1/{path}"].values():
            words = f"{operation.get('summary', '')}{operation.get('description', '')}"
            assert any("\u4e00" <= sign <= "\u9fff" for sign in operation.get("summary", "")), path
            assert not any(word in words for word in ("the ", "The ", "with ")), path


def test_the_docs_need_nothing_from_outside_and_no_inline_script() -> None:
    response = Client().get("/api/v1/docs/")
    page = response.content.decode()
    assert "http" not in page.replace("http-equiv", "")
    assert "<style" not in page and "onclick" not in page
    assert page.count("<script") == page.count("<script src=") == 2
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert 'data-schema="/api/v1/schema/"' in page


@pytest.fixture
def schema() -> Iterator[Any]:
    """The description read from the running program, which is asked without a server in between."""
    for signal in (request_started, request_finished):
        # They would close the test's own connection, as Django's test client knows too.
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask_everything(schema: Any, *, methods: set[str], examples: int, check: Callable[[Any], None]) -> int:
    """Ask each operation of these methods some generated questions; returns how many operations."""
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.method not in methods:
            continue
        asked += 1

        @given(case=operation.as_strategy())
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            check(case)

        ask()
    return asked


@pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
def test_whatever_is_asked_the_answer_conforms(schema: Any, role: str | None) -> None:
    build()
    headers = Caller(role).headers

    def conforms(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    examples = 8 if role in ("anonymous", "viewer") else 3
    asked = ask_everything(schema, methods={"get"}, examples=examples, check=conforms)
    assert asked == sum("get" in operations for operations in description()["paths"].values())


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *Role.values])
def test_whatever_is_sent_nothing_fails(schema: Any, role: str | None) -> None:
    build()
    headers = Caller(role or "anonymous").headers

    def does_not_fail(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=[not_a_server_error])

    assert ask_everything(schema, methods=WRITING, examples=4, check=does_not_fail) >= 30
