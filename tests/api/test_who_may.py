"""Who may call what: every path of the interface, as everybody."""

import pytest
from django.test import Client

from organizations.models import Role
from tests.accounts import token_for
from tests.api.world import Caller, World, build
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

# What each may do: a visitor, somebody without a role, staff, and the desk (editors and publishers).
EXPECTED = {
    # path: visitor, no role, staff, desk
    "": (200, 200, 200, 200),
    "schema/": (200, 200, 200, 200),
    "docs/": (200, 200, 200, 200),
    "events/": (200, 200, 200, 200),
    "events/{event}/": (200, 200, 200, 200),
    "events/{draft_event}/": (404, 404, 404, 200),
    "events/999999/": (404, 404, 404, 404),
    "directives/": (200, 200, 200, 200),
    "directives/{directive}/": (200, 200, 200, 200),
    "directives/{internal_directive}/": (404, 404, 200, 200),
    "directives/{draft_directive}/": (404, 404, 404, 200),
    "issues/": (200, 200, 200, 200),
    "issues/{issue}/": (200, 200, 200, 200),
    "issues/{draft_issue}/": (404, 404, 404, 200),
    "issues/999999/": (404, 404, 404, 404),
    "rosters/": (200, 200, 200, 200),
    "rosters/999999/": (404, 404, 404, 404),
    "unresolved-citations/": (200, 200, 200, 200),
    "search/?q=青": (200, 200, 200, 200),
    "events/statistics/": (200, 200, 200, 200),
    "people/{person}/timeline/": (200, 200, 200, 200),
    "people/999999/timeline/": (404, 404, 404, 404),
    "departments/shuiwu/timeline/": (200, 200, 200, 200),
    "departments/nowhere/timeline/": (404, 404, 404, 404),
    "follows/": (401, 200, 200, 200),
    "saved-searches/": (401, 200, 200, 200),
    "saved-searches/999999/": (401, 404, 404, 404),
    "links/": (401, 403, 403, 200),
    "links/999999/": (401, 404, 404, 404),
    "departments/": (200, 200, 200, 200),
    "departments/shuiwu/": (200, 200, 200, 200),
    "departments/nowhere/": (404, 404, 404, 404),
    "people/": (200, 200, 200, 200),
    "people/{person}/": (200, 200, 200, 200),
    "flood/matrix/": (200, 200, 200, 200),
    "flood/roster/": (401, 403, 200, 200),
    "flood/roster/999999/": (401, 404, 404, 404),
    "flood/swaps/": (401, 403, 200, 200),
    "flood/swaps/999999/": (401, 404, 404, 404),
    "flood/warnings/": (401, 403, 200, 200),
    "flood/warnings/999999/": (401, 404, 404, 404),
    "flood/rain-orders/": (401, 403, 200, 200),
    "flood/rain-orders/999999/": (401, 404, 404, 404),
    "flood/supplies/": (401, 403, 200, 200),
    "flood/supplies/999999/": (401, 404, 404, 404),
    "flood/supply-moves/": (401, 403, 200, 200),
    "flood/supply-moves/999999/": (401, 404, 404, 404),
    "flood/teams/": (401, 403, 200, 200),
    "flood/teams/999999/": (401, 404, 404, 404),
    "flood/experts/": (401, 403, 200, 200),
    "flood/experts/999999/": (401, 404, 404, 404),
    "flood/places/": (401, 403, 200, 200),
    "flood/places/999999/": (401, 404, 404, 404),
    "flood/shelters/": (401, 403, 200, 200),
    "flood/shelters/999999/": (401, 404, 404, 404),
    "flood/drills/": (401, 403, 200, 200),
    "flood/drills/999999/": (401, 404, 404, 404),
    "flood/minimums/": (401, 403, 200, 200),
    "flood/minimums/999999/": (401, 404, 404, 404),
    "flood/losses/": (401, 403, 200, 200),
    "flood/reporting-units/": (401, 403, 200, 200),
    "flood/seats/": (401, 403, 200, 200),
    "flood/seats/999999/": (401, 404, 404, 404),
    "flood/duties/": (401, 403, 200, 200),
    "flood/duties/999999/": (401, 404, 404, 404),
    "flood/groups/": (401, 403, 200, 200),
    "flood/groups/999999/": (401, 404, 404, 404),
    "flood/after-action/": (401, 403, 200, 200),
    "flood/after-action/999999/": (401, 404, 404, 404),
    "flood/aftermath/": (401, 403, 200, 200),
    "flood/aftermath/999999/": (401, 404, 404, 404),
    "task-lists/": (401, 403, 200, 200),
    "task-lists/{task_list}/": (401, 404, 200, 200),
    "task-lists/999999/": (401, 404, 404, 404),
    "tasks/": (401, 403, 200, 200),
    "tasks/{task}/": (401, 404, 200, 200),
    "tasks/999999/": (401, 404, 404, 404),
    "stages/": (401, 403, 200, 200),
    "stages/999999/": (401, 404, 404, 404),
    "look-backs/": (401, 403, 200, 200),
    "look-backs/999999/": (401, 404, 404, 404),
    "findings/": (401, 403, 200, 200),
    "findings/999999/": (401, 404, 404, 404),
    "listings/": (401, 403, 200, 200),
    "listings/999999/": (401, 404, 404, 404),
    "inspections/": (401, 403, 200, 200),
    "inspections/999999/": (401, 404, 404, 404),
    "urgings/": (401, 403, 200, 200),
    "bulletins/": (401, 403, 200, 200),
    "bulletins/999999/": (401, 404, 404, 404),
    "ledgers/": (401, 403, 200, 200),
    "ledgers/{ledger}/": (401, 404, 200, 200),
    "ledgers/999999/": (401, 404, 404, 404),
    "ledger-rows/": (401, 403, 200, 200),
    "ledger-rows/{ledger_row}/": (401, 404, 200, 200),
    "ledger-rows/999999/": (401, 404, 404, 404),
    "nowhere/": (404, 404, 404, 404),
    "events/abc/": (404, 404, 404, 404),
}
# What everybody with an account keeps for himself.
OWN: dict[str | None, int] = {"anonymous": 401, None: 400, **{role.value: 400 for role in Role}}
# What is written under an address that is also read: the answer to an empty body, 403 where none is named.
WRITTEN: dict[tuple[str, str], dict[str | None, int]] = {
    ("post", "directives/"): {"anonymous": 401, "editor": 400},
    ("post", "flood/supplies/"): {"anonymous": 401, "department_officer": 400},
    ("post", "flood/teams/"): {"anonymous": 401, "department_officer": 400},
    ("post", "flood/experts/"): {"anonymous": 401, "department_officer": 400},
    ("post", "flood/places/"): {"anonymous": 401, "department_officer": 400},
    ("post", "flood/shelters/"): {"anonymous": 401, "department_officer": 400},
    ("post", "flood/drills/"): {"anonymous": 401, "department_officer": 400},
    ("post", "flood/minimums/"): {"anonymous": 401, "department_officer": 400},
    ("post", "flood/roster/"): {"anonymous": 401, "department_officer": 400},
    ("post", "flood/aftermath/"): {"anonymous": 401},
    ("post", "stages/"): {"anonymous": 401, "supervisor": 400, "editor": 400},
    ("post", "listings/"): {"anonymous": 401, "supervisor": 400},
    ("post", "inspections/"): {"anonymous": 401, "supervisor": 400},
    ("post", "urgings/"): {"anonymous": 401, "supervisor": 400},
    ("post", "bulletins/"): {"anonymous": 401, "supervisor": 400},
    ("post", "events/"): {"anonymous": 401, "editor": 400},
    ("post", "links/"): {"anonymous": 401, "editor": 400},
    ("post", "follows/"): OWN,
    ("post", "saved-searches/"): OWN,
}
# Of these the method is refused before the record is looked for.
READ_ONLY = ("events/", "directives/", "issues/", "departments/", "people/", "rosters/", "search/")
DESK = {Role.EDITOR, Role.PUBLISHER}
COLUMN: dict[str | None, int] = {
    "anonymous": 0,
    None: 1,
    **{role.value: 3 if role in DESK else 2 for role in Role},
}


def paths_of(world: World) -> dict[str, tuple[int, ...]]:
    numbers = {name: getattr(record, "pk", "") for name, record in vars(world).items()}
    return {path.format(**numbers): expected for path, expected in EXPECTED.items()}


@pytest.mark.parametrize("role", COLUMN)
def test_every_path_as_everybody(role: str | None) -> None:
    world = build()
    department = world.department if role in {Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD} else None
    caller = Caller(role, department)
    wanted = {path: expected[COLUMN[role]] for path, expected in paths_of(world).items()}
    assert {path: caller.status(path) for path in wanted} == wanted


@pytest.mark.parametrize("role", ["anonymous", None, "viewer", "editor", "supervisor"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_is_only_read_refuses_to_be_written(role: str | None, method: str) -> None:
    caller, world = Caller(role), build()
    readable = {
        path: expected[COLUMN[role]] for path, expected in paths_of(world).items() if "9999" not in path
    }
    for path, status in readable.items():
        if (method, path) in WRITTEN:
            continue
        refused = 405 if status in {200, 405} else status
        # Who may see a record is asked after whether the method exists.
        refused = 405 if path.startswith(READ_ONLY) else refused
        refused = 404 if path in {"nowhere/", "events/abc/"} else refused
        refused = 405 if path.startswith(("task", "ledger")) and status == 404 else refused
        assert caller.status(path, method) == refused, path


@pytest.mark.parametrize("role", ["anonymous", None, "viewer", "department_officer", "editor", "supervisor"])
def test_what_is_written_asks_who_before_what(role: str | None) -> None:
    build()
    caller = Caller(role)
    answered = {path: caller.status(path, method) for method, path in WRITTEN}
    assert answered == {path: expected.get(role, 403) for (_, path), expected in WRITTEN.items()}


def test_the_front_page_names_what_one_may_read() -> None:
    build()
    assert sorted(Caller("anonymous").get("")) == [
        "departments",
        "directives",
        "docs",
        "events",
        "flood/matrix",
        "issues",
        "people",
        "rosters",
        "schema",
        "search",
        "unresolved-citations",
    ]
    staff = Caller("viewer").get("")
    assert staff["tasks"] == "http://testserver/api/v1/tasks/"
    assert staff["task-lists"] == "http://testserver/api/v1/task-lists/"
    assert staff["ledgers"] == "http://testserver/api/v1/ledgers/"
    assert staff["ledger-rows"] == "http://testserver/api/v1/ledger-rows/"


def test_lists_hold_only_what_one_may_see() -> None:
    build()
    seen = {
        role: [len(Caller(role).rows(path)) for path in ("events/", "directives/")]
        for role in ("anonymous", None, "viewer", "department_officer", "editor", "publisher")
    }
    assert seen == {
        "anonymous": [1, 1],
        None: [1, 1],
        "viewer": [1, 2],
        "department_officer": [1, 2],
        "editor": [2, 3],
        "publisher": [2, 3],
    }


@pytest.mark.parametrize("path", ["events/", "tasks/", "flood/matrix/", ""])
@pytest.mark.parametrize("header", ["Token wrong", "Token", "Token a b"])
def test_a_wrong_token_is_refused_everywhere(path: str, header: str) -> None:
    caller = Caller("anonymous")
    caller.http.credentials(HTTP_AUTHORIZATION=header)
    assert "detail" in caller.get(path, status=401)


def test_a_disabled_persons_token_is_refused() -> None:
    user = UserFactory(role="viewer", is_active=False)
    caller = Caller("anonymous")
    caller.http.credentials(HTTP_AUTHORIZATION=f"Token {token_for(user)}")
    caller.get("tasks/", status=401)


def test_a_signed_in_browser_needs_no_token() -> None:
    build()
    client = Client()
    client.force_login(UserFactory(role="viewer"))
    assert client.get("/api/v1/tasks/").json()["count"] == 1


def test_the_refusal_without_token_says_how() -> None:
    response = Caller("anonymous").http.get("/api/v1/tasks/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"
    assert response["Content-Type"] == "application/json"


def test_without_a_role_the_sentence_says_whom_to_ask() -> None:
    assert "联系安全管理员" in Caller(None).get("tasks/", status=403)["detail"]
