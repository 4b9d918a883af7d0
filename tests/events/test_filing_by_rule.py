"""Rules that file entries and documents under subjects: written, looked at first, carried out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directives.models import Directive, Topic, TopicRule
from directives.services.topicrules import RuleContent, current_rules, save_rule, seen_state
from directives.topicrules import DIRECTIVES, EVENTS, Rule, state_of, topics_for
from events import tasks
from events.models import Event, FilingRun
from events.services import update_event
from events.services.filing import (
    STALE_AFTER,
    carry_out_filing,
    confirm_filing,
    preview_filing,
    stale_runs,
    start_filing,
)
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from organizations.services import NameDirectory
from tests.accounts import browser_of, person, reads_of_the_page
from tests.factories import DirectiveFactory, EventFactory, SectionFactory

AT = datetime(2023, 9, 1, 4, 0, tzinfo=UTC)
State = FilingRun.State


def rule(**more: Any) -> Rule:
    values = {"topic": 1, "records": "all", "place": "anywhere", "any_of": (), "all_of": (), "none_of": ()}
    return Rule(**{**values, **more})


class TestFitting:
    @pytest.mark.parametrize(
        ("asked", "fits"),
        [
            ({"any_of": ("防汛", "内涝")}, True),
            ({"any_of": ("内涝",)}, False),
            ({"all_of": ("防汛", "抢险")}, True),
            ({"all_of": ("防汛", "演练")}, False),
            ({"any_of": ("防汛",), "none_of": ("抢险",)}, False),
            ({"any_of": ("防汛",), "none_of": ("演练",)}, True),
            ({"any_of": ("pm2.5",)}, True),
            ({"none_of": ("演练",)}, False),
            ({"any_of": ("防汛",), "place": "title"}, True),
            ({"any_of": ("抢险",), "place": "title"}, False),
            ({"any_of": ("抢险",), "place": "text"}, True),
            ({"any_of": ("防汛",), "place": "text"}, False),
        ],
    )
    def test_words_are_sought_where_the_rule_says(self, asked: dict[str, Any], fits: bool) -> None:
        assert rule(**asked).fits("检查防汛工作", "组织抢险，监测PM2.5") is fits

    @pytest.mark.parametrize(
        ("records", "found"),
        [("all", (True, True)), ("events", (True, False)), ("directives", (False, True))],
    )
    def test_a_rule_is_for_entries_or_documents_or_both(self, records: str, found: tuple[bool, bool]) -> None:
        rules = [rule(records=records, any_of=("防汛",))]
        assert tuple(bool(topics_for(rules, kind, "防汛", "")) for kind in (EVENTS, DIRECTIVES)) == found

    def test_the_state_changes_with_any_rule_and_not_with_their_order(self) -> None:
        one, two = rule(any_of=("防汛",)), rule(topic=2, any_of=("抢险",))
        assert state_of([one, two]) == state_of([two, one]) != state_of([one])


@pytest.fixture
def flood(db: None) -> Topic:
    topic = Topic.objects.create(slug="flood", name="防汛防涝")
    topic.rules.create(any_of=["防汛"], none_of=["演练"])
    return topic


@pytest.fixture
def previewed(flood: Topic) -> FilingRun:
    EventFactory(title="检查防汛")
    EventFactory(title="防汛演练").topics.add(flood)
    SectionFactory(directive=DirectiveFactory(title="方案"), text="做好防汛准备")
    run = start_filing(actor=person("editor"), at=AT)
    preview_filing(run=run, at=AT)
    return run


def topics_of(record: Any) -> list[str]:
    return [topic.slug for topic in record.topics.all()]


class TestRuns:
    def test_the_preview_counts_and_gives_examples_and_changes_nothing(self, previewed: FilingRun) -> None:
        assert previewed.state == State.PREVIEW
        shown = previewed.preview
        assert (shown["events"], shown["directives"], shown["by_hand"]) == (2, 1, 0)
        assert shown["topics"] == [{"name": "防汛防涝", "added": 2, "removed": 1}]
        assert {sample["title"] for sample in shown["samples"]} == {"检查防汛", "防汛演练", "方案"}
        assert topics_of(Event.objects.get(title="检查防汛")) == []

    def test_confirmed_it_files_entries_and_documents(self, previewed: FilingRun) -> None:
        confirm_filing(actor=person("editor"), run=previewed, at=AT)
        carry_out_filing(run=previewed, at=AT)
        assert (previewed.state, previewed.progress) == (State.DONE, 100)
        assert previewed.result == {"events": 2, "directives": 1, "added": 2, "removed": 1}
        assert topics_of(Event.objects.get(title="检查防汛")) == ["flood"]
        assert topics_of(Event.objects.get(title="防汛演练")) == []
        assert topics_of(Directive.objects.get()) == ["flood"]

    def test_what_an_editor_has_set_stays(self, flood: Topic) -> None:
        event = EventFactory(title="检查防汛")
        event.topics.add(flood)
        directory = NameDirectory(actor=None, at=AT)
        common: dict[str, Any] = {
            "actor": person("editor"),
            "at": AT,
            "event": event,
            "directory": directory,
            "reason": "改",
        }
        update_event(**common, changes={"topics": ("flood",)})
        assert not Event.objects.get().topics_by_hand
        update_event(**common, changes={"topics": ()})
        assert Event.objects.get().topics_by_hand
        run = start_filing(actor=person("editor"), at=AT)
        preview_filing(run=run, at=AT)
        assert (run.preview["events"], run.preview["by_hand"]) == (0, 1)

    def test_set_by_hand_between_preview_and_writing_stays_too(self, previewed: FilingRun) -> None:
        confirm_filing(actor=person("editor"), run=previewed, at=AT)
        Event.objects.filter(title="检查防汛").update(topics_by_hand=True)
        carry_out_filing(run=previewed, at=AT)
        assert topics_of(Event.objects.get(title="检查防汛")) == []

    def test_changed_rules_are_not_carried_out(self, previewed: FilingRun) -> None:
        TopicRule.objects.update(any_of=["抢险"])
        with pytest.raises(StateConflict, match="规则又改过"):
            confirm_filing(actor=person("editor"), run=previewed, at=AT)

    def test_nor_when_they_change_after_confirming(self, previewed: FilingRun) -> None:
        confirm_filing(actor=person("editor"), run=previewed, at=AT)
        TopicRule.objects.update(any_of=["抢险"])
        carry_out_filing(run=previewed, at=AT)
        assert previewed.state == State.FAILED and "规则又改过" in previewed.error
        assert topics_of(Event.objects.get(title="检查防汛")) == []

    def test_confirmed_twice_is_one_run_and_one_sentence(self, previewed: FilingRun) -> None:
        confirm_filing(actor=person("editor"), run=previewed, at=AT)
        with pytest.raises(StateConflict, match="已由他人确认"):
            confirm_filing(actor=person("publisher"), run=previewed, at=AT)

    def test_one_run_at_a_time(self, flood: Topic) -> None:
        start_filing(actor=person("editor"), at=AT)
        with pytest.raises(StateConflict, match="正在进行"):
            start_filing(actor=person("publisher"), at=AT)

    def test_a_new_preview_drops_the_one_that_waits(self, previewed: FilingRun) -> None:
        start_filing(actor=person("editor"), at=AT)
        previewed.refresh_from_db()
        assert previewed.state == State.DISCARDED

    def test_only_the_desk_files(self, flood: Topic) -> None:
        with pytest.raises(PermissionRefused):
            start_filing(actor=person("supervisor"), at=AT)

    @pytest.mark.parametrize(("late", "stale"), [(-1, False), (0, False), (1, True)])
    def test_a_run_whose_worker_is_gone_is_handed_out_again(
        self, flood: Topic, late: int, stale: bool
    ) -> None:
        start_filing(actor=person("editor"), at=AT)
        assert bool(stale_runs(AT + STALE_AFTER + timedelta(seconds=late))) is stale

    def test_the_sweep_goes_on_where_it_stands(self, previewed: FilingRun, monkeypatch: Any) -> None:
        given: list[int] = []
        monkeypatch.setattr(tasks.file_topics, "delay", given.append)
        confirm_filing(actor=person("editor"), run=previewed, at=timezone.now() - timedelta(hours=1))
        tasks.go_on_filing()
        assert given == [previewed.pk]
        tasks.file_topics(previewed.pk)
        tasks.file_topics(previewed.pk)
        assert topics_of(Event.objects.get(title="检查防汛")) == ["flood"]


class TestRules:
    def content(self, topic: Topic, **more: Any) -> RuleContent:
        return RuleContent(
            **{"topic": topic, "records": "all", "place": "anywhere", "any_of": ("汛",), **more}
        )

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"any_of": ()}, "至少写一个要找的词语"),
            ({"none_of": ("汛",)}, "既要找又要排除"),
            ({"any_of": tuple(map(str, range(61)))}, "最多 60 个"),
            ({"any_of": ("字" * 41,)}, "不超过 40 字"),
        ],
    )
    def test_what_cannot_file_anything_is_refused(
        self, flood: Topic, more: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(InvalidInput, match=sentence):
            save_rule(actor=person("editor"), at=AT, content=self.content(flood, **more))

    @pytest.mark.parametrize("more", [{"any_of": tuple(map(str, range(60)))}, {"any_of": ("字" * 40,)}])
    def test_as_much_as_the_limits_allow(self, flood: Topic, more: dict[str, Any]) -> None:
        save_rule(actor=person("editor"), at=AT, content=self.content(flood, **more))
        assert len(current_rules()) == 2

    def test_the_second_of_two_editors_is_told(self, flood: Topic) -> None:
        stored = flood.rules.get()
        seen = seen_state(stored)
        common: dict[str, Any] = {
            "actor": person("editor"),
            "at": AT,
            "content": self.content(flood),
            "rule": stored,
        }
        save_rule(**common, seen=seen)
        with pytest.raises(StateConflict, match="他人改过"):
            save_rule(**common, seen=seen)


class TestPages:
    @pytest.fixture(autouse=True)
    def in_hand(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(tasks.preview_topics, "delay", lambda pk: tasks.preview_topics(pk))
        monkeypatch.setattr(tasks.file_topics, "delay", lambda pk: tasks.file_topics(pk))

    def test_from_the_rule_to_the_filed_entry(self, flood: Topic) -> None:
        EventFactory(title="组织抢险")
        browser = browser_of("editor")
        answer = browser.post(
            "/events/topics/rules/new/",
            {"topic": flood.pk, "records": "all", "place": "anywhere", "any_of": "抢险、排涝\n抢险"},
        )
        assert answer.status_code == 302 and TopicRule.objects.latest("pk").any_of == ["抢险", "排涝"]
        page = browser.post("/events/topics/runs/new/", follow=True)
        assert "组织抢险" in page.content.decode() and "＋防汛防涝" in page.content.decode()
        done = browser.post(f"{page.request['PATH_INFO']}confirm/", follow=True).content.decode()
        assert "已写入：1 条大事记" in done and topics_of(Event.objects.get()) == ["flood"]

    def test_an_outdated_preview_says_so_and_has_no_button(self, previewed: FilingRun) -> None:
        TopicRule.objects.update(any_of=["抢险"])
        page = browser_of("editor").get(f"/events/topics/runs/{previewed.pk}/").content.decode()
        assert "预览之后规则又改过" in page and "确认写入" not in page
        assert browser_of("editor").post(f"/events/topics/runs/{previewed.pk}/confirm/").status_code == 409

    def test_what_was_typed_stays_beside_the_error(self, flood: Topic) -> None:
        answer = browser_of("editor").post(
            "/events/topics/rules/new/",
            {"topic": flood.pk, "records": "events", "place": "title", "none_of": "演练"},
        )
        page = answer.content.decode()
        assert answer.status_code == 400 and "至少写一个要找的词语" in page and ">\n演练</textarea>" in page

    def test_a_rule_is_taken_away(self, flood: Topic) -> None:
        stored = flood.rules.get()
        address = f"/events/topics/rules/{stored.pk}/remove/"
        assert browser_of("editor").post(address, {"seen": "old"}).status_code == 409
        browser_of("editor").post(address, {"seen": seen_state(stored)})
        assert not TopicRule.objects.exists()

    @pytest.mark.parametrize(
        "path", ["", "rules/new/", "rules/{rule}/", "runs/{run}/", "runs/{run}/progress/"]
    )
    def test_only_the_desk_sees_them(self, previewed: FilingRun, path: str) -> None:
        address = "/events/topics/" + path.format(rule=TopicRule.objects.get().pk, run=previewed.pk)
        found = {
            role: browser_of(role).get(address).status_code for role in ("viewer", "editor", "publisher")
        }
        assert found == {"viewer": 403, "editor": 200, "publisher": 200}
        assert browser_of("anonymous").get(address).status_code == 302

    def test_rules_are_found_by_word_and_taken_along(self, flood: Topic) -> None:
        browser = browser_of("editor")
        assert len(browser.get("/events/topics/?q=演练").context["page"]) == 1
        assert len(browser.get("/events/topics/?q=供热").context["page"]) == 0
        assert "防汛防涝" in b"".join(browser.get("/events/topics/rules.csv")).decode()

    def test_the_number_of_queries_does_not_grow(self, flood: Topic) -> None:
        browser = browser_of("editor")

        def cost() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get("/events/topics/").status_code == 200
            return reads_of_the_page(captured)

        cost()
        first = cost()
        for word in "一二三":
            flood.rules.create(any_of=[word])
        assert cost() == first <= 15


class TestSubjects:
    @pytest.fixture(autouse=True)
    def in_hand(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(tasks.preview_topics, "delay", lambda pk: tasks.preview_topics(pk))

    def form(self, topic: Topic, **changes: Any) -> dict[str, Any]:
        address = f"/events/topics/subjects/{topic.pk}/"
        seen = browser_of("editor").get(address).context["form"].initial["seen"]
        return {"name": topic.name, "words": "\n".join(topic.words), "order": 1, "seen": seen, **changes}

    def press(self, topic: Topic, fields: dict[str, Any]) -> Any:
        return browser_of("editor").post(f"/events/topics/subjects/{topic.pk}/", fields, follow=True)

    def test_a_renamed_subject_keeps_its_records_and_shows_what_its_words_would_change(
        self, flood: Topic
    ) -> None:
        filed = EventFactory(title="旧条目", topics=[flood])
        EventFactory(title="组织清淤")
        page = self.press(flood, self.form(flood, name="水患防治", words="清淤")).content.decode()
        flood.refresh_from_db()
        assert (flood.name, flood.slug, flood.words) == ("水患防治", "flood", ["清淤"])
        assert "主题已保存" in page and "组织清淤" in page and "＋水患防治" in page
        assert topics_of(filed) == ["flood"]

    def test_a_name_that_another_subject_bears_is_refused(self, flood: Topic) -> None:
        Topic.objects.create(slug="heat", name="供热")
        answer = self.press(flood, self.form(flood, name="供热"))
        assert answer.status_code == 400 and "已有主题“供热”" in answer.content.decode()
        flood.refresh_from_db()
        assert flood.name != "供热" and not FilingRun.objects.exists()

    def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(self, flood: Topic) -> None:
        late = self.form(flood, name="内涝")
        self.press(flood, self.form(flood, name="水患防治"))
        answer = self.press(flood, late)
        assert answer.status_code == 409
        assert "他人改过" in answer.content.decode() and 'value="内涝"' in answer.content.decode()

    def test_while_another_filing_is_at_work_the_name_is_saved_and_that_is_said(self, flood: Topic) -> None:
        start_filing(actor=person("editor"), at=AT)
        page = self.press(flood, self.form(flood, name="水患防治")).content.decode()
        assert "正在进行" in page and Topic.objects.get().name == "水患防治"
