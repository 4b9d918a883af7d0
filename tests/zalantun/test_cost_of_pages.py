"""What the lists cost, whoever asks: all queries of the request, sign-in and session included."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.models import Role
from tests.accounts import browser_of
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, PersonFactory, TaskFactory

pytestmark = pytest.mark.django_db
LISTS = ("/", "/events/", "/events/?q=例会", "/directives/", "/people/", "/departments/", "/tasks/")
MOST_QUERIES = 15


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_few_queries_for_every_role(address: str) -> None:
    unit = DepartmentFactory()
    EventFactory.create_batch(3, people=[PersonFactory(posts=["局长"])], departments=[unit])
    DirectiveFactory.create_batch(2)
    TaskFactory.create_batch(2, leads=[unit])
    costs = {role: cost_of(address, browser_of(role)) for role in ("anonymous", None, *Role.values)}
    assert {role: cost for role, cost in costs.items() if cost > MOST_QUERIES} == {}


def cost_of(address: str, client: Client) -> int:
    client.get(address)  # notes the time in the session, as once a minute
    for kept in ("default", "pages"):
        caches[kept].clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code in {200, 302, 403}
    return len(captured)
