"""From a document to the task lists that are made of it."""

import pytest

from tests.accounts import browser_of
from tests.factories import DirectiveFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["supervisor", "editor"])
def test_who_may_make_a_list_finds_the_way_beside_the_document(role: str) -> None:
    directive = DirectiveFactory()
    browser = browser_of(role)
    page = browser.get(directive.get_absolute_url()).content.decode()
    address = f"/tasks/lists/new/?from=directive&amp;directive={directive.pk}"
    assert f'href="{address}"' in page
    assert browser.get(address.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("role", ["anonymous", "viewer", "department_officer"])
def test_nobody_else_is_shown_it(role: str) -> None:
    directive = DirectiveFactory()
    page = browser_of(role).get(directive.get_absolute_url())
    assert page.status_code == 200
    assert "/tasks/lists/new/" not in page.content.decode()
