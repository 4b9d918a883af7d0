"""Who may open and post to the addresses of lists that are not tested with their own pages."""

import pytest
from django.test import Client

from taskboard.models import TaskList
from tests.taskboard.campaign import Campaign, campaign

pytestmark = pytest.mark.django_db
KEEPS = {"supervisor", "editor", "publisher"}
STAFF = {
    *("supervisor", "lead", "head", "supporter", "outsider", "unplaced"),
    *("viewer", "editor", "publisher", "duty_officer", "commander"),
    *("system_admin", "security_admin", "audit_admin"),
}
# Address, method, who passes the guard, and with what status.
TABLE = [
    ("/tasks/lists/{list}/sheet/", "get", KEEPS, 200),
    ("/tasks/lists/{list}/sheet/", "post", KEEPS, 400),
    ("/tasks/lists/{list}/sheet/confirm/", "get", set(), 405),
    ("/tasks/lists/{list}/sheet/confirm/", "post", KEEPS, 302),
    ("/tasks/lists/{list}/tasks/new/", "get", KEEPS, 200),
    ("/tasks/lists/{list}/tasks/new/", "post", KEEPS, 400),
    ("/tasks/lists/template.xlsx", "get", STAFF, 200),
    ("/tasks/lists/new/", "get", KEEPS, 200),
    ("/tasks/lists/new/", "post", KEEPS, 200),
    ("/tasks/lists/new/store/", "post", KEEPS, 302),
    ("/tasks/bulk/sign/", "post", {"lead", "head", "supporter", "outsider", "unplaced"}, 400),
    ("/tasks/bulk/report/", "post", {"lead", "head", "supporter", "outsider", "unplaced"}, 400),
    ("/tasks/bulk/issue/", "post", {"supervisor"}, 400),
    ("/tasks/{task}/move/", "get", STAFF, 200),
    ("/tasks/calendar/address/", "post", STAFF, 302),
]


@pytest.fixture
def world() -> Campaign:
    return campaign()


@pytest.mark.parametrize(("address", "method", "allowed", "status"), TABLE)
def test_every_address_as_everybody(
    world: Campaign, address: str, method: str, allowed: set[str], status: int
) -> None:
    task = world.task("issued")
    path = address.format(list=world.task_list.pk, task=task.pk)
    found = {}
    for name, person in world.people.items():
        client = Client()
        client.force_login(person)
        found[name] = getattr(client, method)(path).status_code
    assert {name for name, code in found.items() if code == status and code != 405} == allowed
    assert {code for name, code in found.items() if name not in allowed} <= {403, 405}
    visitor = getattr(Client(), method)(path)
    assert visitor.status_code == (405 if status == 405 else 302)
    if status != 405:
        assert visitor["Location"].startswith("/accounts/login/")
    assert TaskList.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["lists/99999/sheet/", "lists/99999/stages/", "99999/move/", "99999/correct/"]
)
def test_what_is_not_there_is_not_found(world: Campaign, address: str) -> None:
    client = Client()
    client.force_login(world.supervisor)
    assert client.get(f"/tasks/{address}").status_code == 404
