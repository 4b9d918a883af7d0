"""``/api/v1/directives/``: fields, parts, the legal state as of a day."""

from datetime import date
from typing import Any

import pytest

from directives.models import Citation, Directive
from tests.api.world import Caller, build, make_directive
from tests.factories import DirectiveFactory

pytestmark = pytest.mark.django_db


def titles(query: dict[str, Any] | None = None, role: str = "anonymous") -> list[str]:
    return [row["title"] for row in Caller(role).rows("directives/", query)]


def test_a_document_in_a_list() -> None:
    directive = make_directive()
    assert Caller("anonymous").rows("directives/") == [
        {
            "id": directive.pk,
            "number": "",
            "title": "沟渠管护方案",
            "issuer": "青河市人民政府",
            "issued_on": "2023-05-08",
            "kind": "plan",
            "status": "in_force",
            "is_public": True,
            "release_note": "此件公开发布",
            "url": f"http://testserver/directives/{directive.pk}/",
        }
    ]


def test_a_document_with_its_parts() -> None:
    directive = make_directive()
    found = Caller("anonymous").get(f"directives/{directive.pk}/")
    assert [(s["depth"], s["number"], s["heading"], s["text"], s["anchor"]) for s in found["sections"]] == [
        (1, "一", "总体要求", "", "s-1"),
        (2, "（一）", "", "疏通。", "s-2"),
    ]
    assert found["rosters"] == [
        {"name": "领导小组", "members": [{"role": "组长", "name": "林青", "post": "副市长"}]}
    ]
    assert found["citations"] == [
        {"title": "防汛预案", "number": "青政发〔2020〕7号", "directive": None, "issued_on": None}
    ]
    assert [(a["label"], a["title"], a["printed"]) for a in found["annexes"]] == [
        ("附件1", "名单", True),
        ("附件2", "物资", False),
    ]
    assert [[s["heading"] for s in annex["sections"]] for annex in found["annexes"]] == [["附则"], []]


def test_a_citation_names_the_document_only_to_who_may_see_it() -> None:
    world = build()
    citation = Citation.objects.get()
    for target, seen in (
        (world.internal_directive, {"anonymous": False, "viewer": True, "editor": True}),
        (world.draft_directive, {"anonymous": False, "viewer": False, "editor": True}),
    ):
        Citation.objects.update(target=target)
        for role, known in seen.items():
            found = Caller(role).get(f"directives/{citation.directive_id}/")["citations"][0]["directive"]
            assert found == (target.pk if known else None), (target, role)


def test_a_document_tells_what_it_changed_and_cites_and_what_changed_it() -> None:
    old = DirectiveFactory(title="旧办法", number="青政发〔2019〕2号", issued_on=date(2019, 3, 1))
    hidden = DirectiveFactory(title="内部办法", is_public=False)
    new = DirectiveFactory(title="新办法")
    for changed, status in ((old, "repealed"), (hidden, "amended")):
        changed.status_changes.create(
            status=status, effective_on=date(2024, 3, 1), by_directive=new, standing="confirmed"
        )
    old.status_changes.create(
        status="amended", effective_on=date(2024, 1, 1), by_directive=hidden, standing="confirmed"
    )
    old.status_changes.create(
        status="expired", effective_on=date(2025, 1, 1), by_directive=new, standing="proposed"
    )
    Citation.objects.create(directive=new, order=1, title="旧办法", target=old)
    effect = {
        "directive": old.pk,
        "title": "旧办法",
        "number": "青政发〔2019〕2号",
        "status": "repealed",
        "effective_on": "2024-03-01",
        "note": "",
    }
    visitor, viewer = Caller("anonymous"), Caller("viewer")
    found = visitor.get(f"directives/{new.pk}/")
    assert found["effects"] == [effect] and found["status_changes"] == []
    cited = {"title": "旧办法", "number": "", "directive": old.pk, "issued_on": "2019-03-01"}
    assert found["citations"] == [cited]
    assert [row["title"] for row in viewer.get(f"directives/{new.pk}/")["effects"]] == ["旧办法", "内部办法"]

    def basis(caller: Caller) -> list[tuple[str, int | None]]:
        changes = caller.get(f"directives/{old.pk}/")["status_changes"]
        return [(change["status"], change["by_directive"]) for change in changes]

    assert basis(visitor) == [("amended", None), ("repealed", new.pk)]
    assert basis(viewer) == [("amended", hidden.pk), ("repealed", new.pk)]


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2024-02-29", "in_force"),
        ("2024-03-01", "amended"),
        ("2024-12-31", "amended"),
        ("2025-01-01", "repealed"),
    ],
)
def test_the_legal_state_is_that_of_the_day(day: str, status: str) -> None:
    directive = DirectiveFactory(title="办法")
    directive.status_changes.create(status="amended", effective_on=date(2024, 3, 1))
    directive.status_changes.create(status="repealed", effective_on=date(2025, 1, 1))
    assert Caller("anonymous").rows("directives/", {"as_of": day})[0]["status"] == status
    assert Caller("anonymous").get(f"directives/{directive.pk}/", {"as_of": day})["status"] == status
    assert titles({"as_of": day, "status": status}) == ["办法"]
    assert Caller("anonymous").rows("directives/")[0]["status"] == "repealed"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["供热", "绿化", "无期"]),
        ({"q": "热"}, ["供热"]),
        ({"q": "〔2020〕7号"}, ["绿化"]),
        ({"q": "树木预案"}, ["绿化"]),
        ({"q": "10号"}, ["供热"]),
        ({"issuer": "青河市人民政府办公室"}, ["绿化"]),
        ({"issuer": "青河市人民政府"}, ["供热", "无期"]),
        ({"kind": "measures"}, ["供热"]),
        ({"status": "in_force"}, ["供热", "绿化", "无期"]),
        ({"status": "expired"}, []),
        ({"issued_from": "2023-06-02"}, ["供热"]),
        ({"issued_from": "2023-06-01"}, ["供热", "绿化"]),
        ({"issued_to": "2023-06-01"}, ["绿化"]),
        ({"issued_to": "2023-05-31"}, []),
        ({"ordering": "issued_on"}, ["绿化", "供热", "无期"]),
        ({"ordering": "title"}, ["供热", "无期", "绿化"]),
    ],
)
def test_filters_and_order(query: dict[str, Any], found: list[str]) -> None:
    DirectiveFactory(title="供热", number="青政发〔2023〕10号", kind="measures", issued_on=date(2023, 7, 1))
    green = DirectiveFactory(title="绿化", issuer="青河市人民政府办公室", issued_on=date(2023, 6, 1))
    green.citations.create(order=1, title="树木预案", number="青政发〔2020〕7号")
    DirectiveFactory(title="无期", issued_on=None)
    assert titles(query) == found


def test_a_day_written_otherwise_is_read_and_not_left_out() -> None:
    directive = DirectiveFactory()
    directive.status_changes.create(status="repealed", effective_on=date(2024, 3, 1))
    for day in ("2024-02-29", "2024/02/29", "2024年2月29日"):
        status = {"2024年2月29日": 400}.get(day, 200)
        found = Caller("anonymous").http.get("/api/v1/directives/", {"as_of": day})
        assert found.status_code in {200, status}
        if found.status_code == 200:
            assert found.json()["results"][0]["status"] == "in_force"


def test_drafts_are_for_the_desk() -> None:
    DirectiveFactory(title="未定稿", publication=Directive.Publication.DRAFT)
    assert titles() == titles(role="viewer") == []
    assert titles(role="editor") == ["未定稿"]
