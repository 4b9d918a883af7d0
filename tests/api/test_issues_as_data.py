"""Issues of the gazette over the interface: list, one issue, the address of its PDF."""

from typing import Any

import pytest

from directives.models import Directive
from tests.api.world import Caller, build, make_issue

pytestmark = pytest.mark.django_db


def test_a_list_names_each_issue_with_the_address_of_its_pdf() -> None:
    issue = build().issue
    (row,) = Caller("anonymous").rows("issues/")
    assert row == {
        "id": issue.pk,
        "title": "青河市公报",
        "year": 2023,
        "number": 1,
        "first_month": "2023-05-01",
        "last_month": "2023-05-01",
        "publication": "published",
        "published_at": "2023-05-08T09:00:00+08:00",
        "document_count": 1,
        "url": f"http://testserver/gazette/issues/{issue.pk}/",
        "pdf": f"http://testserver/gazette/issues/{issue.pk}/issue.pdf",
    }


def test_one_issue_has_its_documents_as_everybody_may_see_them() -> None:
    world = build()
    whole = Caller("anonymous").get(f"issues/{world.issue.pk}/")
    assert [(row["id"], row["title"]) for row in whole["documents"]] == [
        (world.directive.pk, world.directive.title)
    ]
    assert whole["corrections"] == []
    Directive.objects.filter(pk=world.directive.pk).update(publication="withdrawn")
    assert Caller("editor").get(f"issues/{world.issue.pk}/")["documents"] == []


def test_issues_are_found_by_year_and_the_desk_sees_those_in_the_making() -> None:
    world = build()
    assert [row["number"] for row in Caller("editor").rows("issues/")] == [2, 1]
    assert Caller("editor").rows("issues/?publication=draft")[0]["id"] == world.draft_issue.pk
    assert Caller("anonymous").rows("issues/?year=2022") == []


def test_a_list_costs_the_same_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    world = build()
    for number in range(3, 12):
        make_issue(number, "published", world.directive)
    caller = Caller("anonymous")
    with django_assert_max_num_queries(6):
        assert len(caller.rows("issues/")) == 10
