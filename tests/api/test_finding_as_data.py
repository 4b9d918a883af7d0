"""Rosters, follows, time lines, months in numbers, links and kept searches as data."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from directives.models import Follow, Roster
from search.models import SavedSearch
from search.services import catch_up
from taskboard.models import RecordLink
from tests.api import world
from tests.factories import (
    DepartmentFactory,
    DirectiveFactory,
    EventFactory,
    PersonFactory,
    TaskFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


class Caller(world.Caller):
    """One who also writes."""

    def call(self, method: str, path: str, body: dict[str, Any], status: int = 200) -> Any:
        """What is answered; the status is as expected."""
        response = getattr(self.http, method)(f"/api/v1/{path}", body, format="json")
        assert response.status_code == status, (response.status_code, response.content.decode()[:400])
        return response.json()

    def post(self, path: str, body: dict[str, Any], status: int = 200) -> Any:
        """The same for what is handed in."""
        return self.call("post", path, body, status)


def roster(**document: Any) -> Roster:
    directive = DirectiveFactory(title="防汛方案", number="青政发〔2023〕5号", **document)
    made = Roster.objects.create(directive=directive, order=1, name="防汛领导小组")
    head = PersonFactory(name="林青")
    made.members.create(order=1, role="组　长", printed_name="林　青", post="市长", person=head)
    made.members.create(order=2, role="副组长", printed_name="方晓", post="副市长", concurrent=True)
    made.members.create(order=3, role="成员", printed_name="贺川", post="水务局局长")
    return made


class TestRosters:
    def test_who_leads_who_stands_in_and_by_which_document(self) -> None:
        made = roster(issued_on=date(2023, 5, 1))
        (body,) = Caller("anonymous").rows("rosters/")
        assert (body["id"], body["name"]) == (made.pk, "防汛领导小组")
        assert (
            body["directive"]["number"] == "青政发〔2023〕5号" and body["directive"]["status"] == "in_force"
        )
        assert [(m["role"], m["name"], m["rank"], m["concurrent"]) for m in body["members"]] == [
            ("组长", "林青", "lead", False),
            ("副组长", "方晓", "deputy", True),
            ("成员", "贺川", "member", False),
        ]
        assert body["members"][0]["person"] and body["members"][1]["person"] is None

    def test_as_of_a_day_and_by_words(self) -> None:
        made = roster(issued_on=date(2023, 5, 1))
        made.directive.status_changes.create(
            status="repealed", effective_on=date(2023, 9, 1), note="新方案", standing="confirmed"
        )
        caller = Caller("anonymous")
        for day, status in (("2023-08-31", "in_force"), ("2023-09-01", "repealed")):
            (body,) = caller.rows("rosters/", {"as_of": day})
            assert body["directive"]["status"] == status
            assert len(caller.rows("rosters/", {"as_of": day, "status": status})) == 1
            assert caller.rows("rosters/", {"as_of": day, "status": "amended"}) == []
        assert len(caller.rows("rosters/", {"q": "贺川"})) == 1
        assert caller.rows("rosters/", {"q": "无此人"}) == []
        assert list(caller.get("rosters/", {"as_of": "昨天"}, status=400)) == ["as_of"]

    def test_of_hidden_documents_nothing_is_told(self) -> None:
        made = roster(publication="draft")
        assert Caller("anonymous").rows("rosters/") == []
        Caller("anonymous").get(f"rosters/{made.pk}/", status=404)
        assert Caller("editor").get(f"rosters/{made.pk}/")["name"] == "防汛领导小组"

    def test_the_number_of_queries_does_not_grow(self, django_assert_max_num_queries: Any) -> None:
        for _ in range(4):
            made = DirectiveFactory().rosters.create(order=1, name="小组")
            made.members.create(order=1, role="组长", printed_name="林青", person=PersonFactory())
        with django_assert_max_num_queries(15):
            assert len(Caller("viewer").rows("rosters/")) == 4


class TestUnheldCitations:
    def test_what_leads_to_no_page_with_who_cites_it(self) -> None:
        citing = DirectiveFactory(title="供热方案", number="青政发〔2023〕5号", issued_on=date(2023, 5, 8))
        citing.citations.create(order=1, title="已收录的", target=DirectiveFactory())
        made = citing.citations.create(order=2, title="应急预案", number="青政发〔2020〕3号")
        caller = Caller("anonymous")
        (row,) = caller.rows("unresolved-citations/", {"q": "[2020]3号"})
        assert row["directive"].pop("url") == f"http://testserver{citing.get_absolute_url()}"
        assert row == {
            "id": made.pk,
            "title": "应急预案",
            "number": "青政发〔2020〕3号",
            "directive": {
                "id": citing.pk,
                "number": "青政发〔2023〕5号",
                "title": "供热方案",
                "issued_on": "2023-05-08",
            },
        }
        assert caller.rows("unresolved-citations/", {"q": "绿化"}) == []

    def test_those_of_drafts_are_for_the_desk(self) -> None:
        DirectiveFactory(publication="draft").citations.create(order=1, title="应急预案")
        assert [len(Caller(role).rows("unresolved-citations/")) for role in ("viewer", "editor")] == [0, 1]


class TestFollows:
    def test_one_follows_sees_it_and_follows_no_more(self) -> None:
        directive, caller = DirectiveFactory(title="防汛方案"), Caller("viewer")
        made = caller.post("follows/", {"directive": directive.pk}, status=201)
        assert made["directive"]["title"] == "防汛方案"
        again = caller.post("follows/", {"directive": directive.pk}, status=409)
        assert "已经关注" in again["detail"]
        assert [row["directive"]["id"] for row in caller.rows("follows/")] == [directive.pk]
        assert Caller("editor").rows("follows/") == []
        assert caller.status(f"follows/{directive.pk}/", "delete") == 204
        assert not Follow.objects.exists()
        assert caller.status(f"follows/{directive.pk}/", "delete") == 404

    def test_what_one_may_not_see_one_does_not_follow(self) -> None:
        hidden = DirectiveFactory(publication="draft")
        Caller("viewer").post("follows/", {"directive": hidden.pk}, status=404)
        assert list(Caller("viewer").post("follows/", {"directive": "x"}, status=400)) == ["directive"]
        Caller("anonymous").post("follows/", {"directive": hidden.pk}, status=401)


class TestTimeLines:
    def test_of_a_person_the_newest_first_and_by_kind(self) -> None:
        made = roster(issued_on=date(2023, 5, 1))
        person: Any = made.members.get(order=1).person
        EventFactory(title="检查河堤", people=[person], start_date=date(2023, 6, 2))
        EventFactory(title="草稿", people=[person], publication="draft")
        path, caller = f"people/{person.pk}/timeline/", Caller("anonymous")
        rows = caller.rows(path)
        assert [(row["date"], row["kind"], row["title"]) for row in rows] == [
            ("2023-06-02", "event", "检查河堤"),
            ("2023-05-01", "directive", "防汛方案"),
        ]
        assert rows[0]["url"].startswith("http://testserver/events/entries/")
        assert [row["kind"] for row in caller.rows(path, {"kind": "directive"})] == ["directive"]
        assert list(caller.get(path, {"kind": "poem"}, status=400)) == ["kind"]
        assert len(caller.get(path, {"page_size": 1})["results"]) == 1

    def test_of_a_department(self) -> None:
        department = DepartmentFactory(slug="water", name="水务局")
        EventFactory(title="检查河堤", departments=[department])
        DirectiveFactory(title="通知", issuing_department=department, issued_on=None)
        rows = Caller("anonymous").rows("departments/water/timeline/")
        assert [(row["kind"], row["date"] is None) for row in rows] == [("event", False), ("directive", True)]


def test_months_in_numbers_with_the_filters_of_the_list() -> None:
    topic = TopicFactory(slug="flood", name="防汛")
    for day in (date(2023, 5, 8), date(2023, 5, 9), date(2023, 7, 1)):
        EventFactory(start_date=day, topics=[topic])
    EventFactory(start_date=date(2023, 7, 2), departments=[DepartmentFactory(slug="water", name="水务局")])
    EventFactory(start_date=date(2023, 7, 3), publication="draft")
    found = Caller("anonymous").get("events/statistics/")
    assert found["total"] == 4
    assert [(m["year"], m["month"], m["count"]) for m in found["months"]] == [(2023, 5, 2), (2023, 7, 2)]
    assert found["topics"] == [{"slug": "flood", "name": "防汛", "count": 3}]
    assert found["departments"] == [{"slug": "water", "name": "水务局", "count": 1}]
    assert Caller("anonymous").get("events/statistics/", {"topic": "flood"})["total"] == 3
    assert list(Caller("anonymous").get("events/statistics/", {"topic": "none"}, status=400)) == ["topic"]
    assert Caller("editor").get("events/statistics/")["total"] == 5


class TestLinks:
    def proposed(self) -> RecordLink:
        made: RecordLink = RecordLink.objects.create(
            event=EventFactory(title="检查河堤"),
            directive=DirectiveFactory(title="防汛方案"),
            reasons=["同日"],
            strength=60,
            proposed_at=timezone.now(),
        )
        return made

    def test_proposed_confirmed_and_told_by_whom(self) -> None:
        link, editor = self.proposed(), Caller("editor")
        (row,) = editor.rows("links/", {"state": "proposed"})
        assert (row["event"]["title"], row["directive"]["title"], row["task"]) == (
            "检查河堤",
            "防汛方案",
            None,
        )
        assert row["reasons"] == ["同日"] and row["decided_by"] == ""
        done = editor.post(f"links/{link.pk}/decide/", {"confirmed": True})
        assert done["state"] == "confirmed" and done["decided_by"]
        assert editor.post(f"links/{link.pk}/decide/", {"confirmed": True}, status=409)["detail"]
        assert editor.rows("links/", {"state": "proposed"}) == []
        assert len(editor.rows("links/", {"pair": "entry_and_document"})) == 1
        assert editor.post(f"links/{link.pk}/decide/", {"confirmed": False})["state"] == "refused"
        assert list(editor.post(f"links/{link.pk}/decide/", {}, status=400)) == ["confirmed"]

    def test_by_hand(self) -> None:
        event, task, editor = EventFactory(), TaskFactory(), Caller("editor")
        made = editor.post("links/", {"event": event.pk, "task": task.pk}, status=201)
        assert (made["state"], made["task"]["id"]) == ("confirmed", task.pk)
        editor.post("links/", {"event": event.pk, "task": task.pk}, status=409)
        assert list(editor.post("links/", {"event": event.pk}, status=400)) == ["event"]

    def test_only_the_desk_decides(self) -> None:
        link = self.proposed()
        assert Caller("viewer").status(f"links/{link.pk}/decide/", "post") == 404
        assert Caller("viewer").status("links/", "post") == 403
        link.refresh_from_db()
        assert link.state == "proposed"


class TestSearch:
    def test_hits_marked_in_context_with_ways_to_narrow(self) -> None:
        EventFactory(title="检查防汛", text="市长检查防汛工作。", start_date=date(2023, 5, 8))
        EventFactory(title="防汛演练", publication="draft")
        catch_up(at=timezone.now())
        found = Caller("anonymous").get("search/", {"q": "防汛"})
        assert (found["count"], found["more"], found["kinds"]["events"]) == (1, False, 1)
        (row,) = found["results"]
        assert row["title"] == "检查<mark>防汛</mark>" and "<mark>防汛</mark>工作" in row["passage"]
        assert row["date"] == "2023-05-08" and row["url"].startswith("http://testserver/events/")
        years = next(facet for facet in found["facets"] if facet["name"] == "year")
        assert [(v["label"], v["count"]) for v in years["values"]] == [("2023年", 1)]
        assert Caller("editor").get("search/", {"q": "防汛"})["count"] == 2

    def test_pages_and_what_is_asked_wrongly(self) -> None:
        EventFactory.create_batch(21, title="防汛")
        catch_up(at=timezone.now())
        caller = Caller("anonymous")
        assert len(caller.get("search/", {"q": "防汛", "page": 2})["results"]) == 1
        assert "共 2 页" in caller.get("search/", {"q": "防汛", "page": 3}, status=404)["detail"]
        assert "没有这一页" in caller.get("search/", {"q": "防汛", "page": "x"}, status=404)["detail"]
        for query in ({}, {"q": " "}, {"q": "防汛", "department": "nowhere"}, {"q": "防汛", "year": "去年"}):
            assert list(caller.get("search/", query, status=400)) == ["q"]


class TestSavedSearches:
    def test_kept_changed_and_forgotten_by_the_owner_alone(self) -> None:
        owner, other = Caller("viewer"), Caller("editor")
        made = owner.post("saved-searches/", {"query": "q=防汛", "name": "防汛"}, status=201)
        assert (made["name"], made["rhythm"]) == ("防汛", "never")
        owner.post("saved-searches/", {"query": "q=防汛"}, status=409)
        path = f"saved-searches/{made['id']}/"
        assert other.rows("saved-searches/") == [] and other.status(path) == 404
        assert other.status(path, "patch") == 404 and other.status(path, "delete") == 404
        changed = owner.call("patch", path, {"rhythm": "daily"})
        assert (changed["name"], changed["rhythm"]) == ("防汛", "daily")
        assert list(owner.call("patch", path, {"rhythm": "hourly"}, status=400)) == ["rhythm"]
        assert owner.status(path, "delete") == 204 and not SavedSearch.objects.exists()

    def test_what_means_nothing_is_not_kept(self) -> None:
        caller = Caller("viewer")
        assert "没有可以保存" in caller.post("saved-searches/", {"query": "q="}, status=400)["detail"]
        assert "没有找到" in caller.post("saved-searches/", {"query": "topic=none"}, status=400)["detail"]
        assert list(caller.post("saved-searches/", {}, status=400)) == ["query"]
