"""Entries are written in the browser: draft, review, published, withdrawn, each step by the right person."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from events.contents import read_event
from events.models import Event
from events.services import move_event, save_event
from events.services.publishing import seen_mark
from events.services.texts import propose_event, step_event_revision
from foundation.errors import PermissionRefused, StateConflict
from foundation.models import AuditEntry, Revision, Version
from foundation.services.revisions import Writing
from foundation.versions import content_mark
from tests.accounts import browser_of, person
from tests.atonce import press_at_once
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, PersonFactory, TopicFactory
from tests.zalantun.test_cost_of_pages import MOST_QUERIES, cost_of

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)
NEW = reverse("events:new")


def typed(**changes: Any) -> dict[str, Any]:
    return {"start_date": "2031-08-03", "text": "青河市召开防汛会议。会议部署工作。", **changes}


def edit_url(event: Event, query: str = "") -> str:
    return reverse("events:edit", args=[event.pk]) + query


def form_of(client: Client, event: Event, query: str = "", **changes: Any) -> dict[str, Any]:
    """What a browser would send of the opened page, with changes."""
    form = client.get(edit_url(event, query)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {**{name: value for name, value in sent.items() if value is not None}, "reason": "订正", **changes}


def save(client: Client, event: Event, **changes: Any) -> Any:
    return client.post(edit_url(event), form_of(client, event, **changes), follow=True)


def step(client: Client, event: Event, name: str, **more: Any) -> str:
    url = reverse("events:event_step", args=[event.pk, name])
    return client.post(url, more, follow=True).content.decode()


# -- new entries --------------------------------------------------------------------------------


def test_a_new_entry_is_a_draft_that_only_the_desk_sees() -> None:
    DepartmentFactory(name="水务局"), PersonFactory(name="林青", posts=["市长"]), TopicFactory(slug="flood")
    directive = DirectiveFactory(title="关于印发《防汛预案》的通知")
    client = browser_of("editor")
    answer = client.post(
        NEW,
        typed(
            text="按照《防汛预案》，青河市召开会议。",
            officials="林青｜市长",
            departments="水务局",
            topics=["flood"],
        ),
        follow=True,
    )
    event = Event.objects.get()
    assert "已存为草稿" in answer.content.decode()
    assert (event.publication, event.title, event.end_date) == ("draft", "按照《防汛预案》", date(2031, 8, 3))
    assert event.officials.get().person.name == "林青" and event.mentions.get().department.name == "水务局"
    assert event.citations.get().directive == directive and event.topics.get().slug == "flood"
    assert Client().get(event.get_absolute_url()).status_code == 404


def test_from_draft_to_the_public_by_two_people() -> None:
    client = browser_of("publisher")
    client.post(NEW, {**typed(), "submit": "1"})
    event = Event.objects.get()
    assert event.publication == "review"
    assert "须由另一位签发人" in step(client, event, "publish")
    other = Client()
    other.force_login(person("publisher", "second"))
    assert "已签发发布" in step(other, event, "publish")
    assert Client().get(event.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"start_date": ""}, "请填写起始日期"),
        ({"text": ""}, "请填写正文"),
        ({"end_date": "2031-08-02"}, "结束日期早于起始日期"),
        ({"departments": "无名局"}, "名录中没有“无名局”"),
        ({"officials": "林"}, "姓名 2 至 20 字"),
        ({"topics": ["nowhere"]}, "nowhere"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field_and_kept(
    changes: dict[str, Any], sentence: str
) -> None:
    answer = browser_of("editor").post(NEW, typed(source="来源甲", **changes))
    page = answer.content.decode()
    assert answer.status_code == 400 and sentence in page and "来源甲" in page
    assert not Event.objects.exists()


def test_a_preview_shows_the_entry_and_stores_nothing() -> None:
    PersonFactory(name="林青", posts=["市长"])
    page = (
        browser_of("editor").post(NEW, typed(text="市长林青讲话。", officials="林青｜市长", preview="1"))
    ).content.decode()
    assert "尚未保存" in page and ">林青</a>讲话" in page
    assert not Event.objects.exists()


# -- changing -----------------------------------------------------------------------------------


def test_opened_and_sent_back_untouched_nothing_changes() -> None:
    people = [PersonFactory(name="林青", posts=["市长"]), PersonFactory(name="方禾")]
    event = EventFactory(
        publication="draft",
        people=people,
        departments=[DepartmentFactory()],
        citations=["防汛预案"],
        topics=[TopicFactory()],
    )
    answer = save(browser_of("editor"), event)
    assert "没有需要保存的改动" in answer.content.decode()
    assert not Version.objects.exists()


def test_a_draft_is_changed_and_both_texts_are_versions() -> None:
    event = EventFactory(publication="draft", text="甲会议召开。")
    answer = save(browser_of("editor"), event, text="乙会议召开。")
    assert "已保存为草稿" in answer.content.decode()
    assert Event.objects.get().text == "乙会议召开。"
    assert [v.content["text"] for v in Version.objects.of(event)] == ["乙会议召开。", "甲会议召开。"]


def test_a_change_owes_a_reason() -> None:
    event = EventFactory(publication="draft", text="甲会议召开。")
    answer = save(browser_of("editor"), event, text="乙会议召开。", reason="")
    assert "请填写修改理由" in answer.content.decode() and Event.objects.get().text == "甲会议召开。"


def test_of_two_editors_the_second_sees_both_texts_and_loses_nothing() -> None:
    event = EventFactory(publication="draft", text="甲会议召开。")
    first, second = browser_of("editor"), browser_of("publisher")
    late = form_of(second, event, text="丙会议召开。")
    save(first, event, text="乙会议召开。")
    answer = second.post(edit_url(event), late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{person('editor')}在您打开本页之后保存了另一份文本" in page
    assert "<p>乙会议召开。</p>" in page and "<p>丙会议召开。</p>" in page
    assert "丙会议召开。</textarea>" in page and Event.objects.get().text == "乙会议召开。"
    form = answer.context["form"]
    merged = {**late, "text": "乙丙会议召开。", "seen": form["seen"].value()}
    assert second.post(edit_url(event), merged).status_code == 302
    assert Event.objects.get().text == "乙丙会议召开。"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["draft", "published"])
def test_of_two_who_save_in_the_same_moment_one_is_stored_and_one_is_told(state: str) -> None:
    event = EventFactory(publication=state, text="甲会议召开。")
    stored = read_event(event)
    people = {"乙会议召开。": person("editor"), "丙会议召开。": person("publisher")}

    def save_as(text: str) -> None:
        writing = Writing(people[text], AT, "订正", seen=content_mark(stored))
        save_event(actor=people[text], event=event, content={**stored, "text": text}, writing=writing)

    answers = press_at_once([partial(save_as, text) for text in people])
    assert sorted(map(bool, answers)) == [False, True] and "另一份文本" in "".join(answers)
    winner = list(people)[answers.index("")]
    assert Version.objects.of(event)[0].content["text"] == winner


def test_beside_a_published_entry_a_correction_waits_for_a_second_person() -> None:
    event = EventFactory(text="甲会议召开。")
    editor, publisher = browser_of("editor"), browser_of("publisher")
    page = save(editor, event, text="乙会议召开。", submit="1").content.decode()
    assert "公众仍看到原文" in page and "更正待签发" in page
    assert "甲会议召开" in Client().get(event.get_absolute_url()).content.decode()
    number = Revision.objects.get().head.number
    url = reverse("events:revision_step", args=[event.pk, "publish"])
    assert "没有权限" in editor.post(url, {"version": number}, follow=True).content.decode()
    assert "已签发更正" in publisher.post(url, {"version": number}, follow=True).content.decode()
    public = Client().get(event.get_absolute_url()).content.decode()
    assert "乙会议召开" in public and "更正待签发" not in public
    assert AuditEntry.objects.about(event).first().action == "event.revision.publish"  # type: ignore[union-attr]


def test_a_correction_sent_back_is_changed_and_handed_in_again() -> None:
    event = EventFactory(text="甲会议召开。")
    editor = browser_of("editor")
    save(editor, event, text="乙会议召开。", submit="1")
    assert "已提交签发，不能再改" in editor.get(edit_url(event), follow=True).content.decode()
    url = reverse("events:revision_step", args=[event.pk, "return"])
    browser_of("publisher").post(url, {"reason": "缺第二句"})
    assert "缺第二句" in editor.get(event.get_absolute_url()).content.decode()
    save(editor, event, text="乙会议召开。会后检查。", submit="1")
    revision = Revision.objects.get()
    assert (revision.state, revision.head.content["text"]) == ("review", "乙会议召开。会后检查。")


def test_what_another_wrote_and_gave_up_is_not_signed_by_who_proposes_it_again() -> None:
    event = EventFactory(publication="published", text="原文。")
    editor, signer = person("editor"), person("publisher")
    for writer in (editor, signer):
        writing = Writing(writer, AT, "订正")
        revision = propose_event(actor=writer, event=event, content={"text": "另一段。"}, writing=writing)
        step_event_revision(actor=writer, at=AT, revision=revision, step="submit")
        if writer == editor:
            step_event_revision(actor=editor, at=AT, revision=revision, step="discard", reason="不对")
    assert revision.head.made_by == editor
    with pytest.raises(PermissionRefused, match="另一位签发人"):
        step_event_revision(actor=signer, at=AT, revision=revision, step="publish")
    event.refresh_from_db()
    assert event.text == "原文。"
    other = person("publisher", name="other")
    step_event_revision(actor=other, at=AT, revision=revision, step="publish")
    event.refresh_from_db()
    assert event.text == "另一段。"


def test_a_text_that_changed_after_the_page_was_opened_is_not_signed() -> None:
    event = EventFactory(publication="draft", text="甲会议召开。")
    seen = seen_mark(event)
    save(browser_of("editor"), event, text="乙会议召开。")
    assert "又有改动" in step(browser_of("publisher"), event, "publish", version=seen)
    assert Event.objects.get().publication == "draft"
    now = seen_mark(Event.objects.get())
    move_event(actor=person("publisher"), at=AT, event=event, step="publish", seen=now)
    assert Event.objects.get().publication == "published"


# -- withdrawing --------------------------------------------------------------------------------


def test_a_withdrawn_entry_keeps_its_text_and_its_address_says_so() -> None:
    event = EventFactory(text="甲会议召开。")
    publisher = browser_of("publisher")
    assert "须写明理由" in step(publisher, event, "withdraw")
    step(publisher, event, "withdraw", reason="日期有误")
    answer = Client().get(event.get_absolute_url())
    page = answer.content.decode()
    assert answer.status_code == 410 and "已撤回" in page and "甲会议召开" not in page and "年" in page
    desk = publisher.get(event.get_absolute_url()).content.decode()
    assert "甲会议召开" in desk and "日期有误" in desk
    assert Client().get(reverse("events:event", args=[999_999])).status_code == 404
    with pytest.raises(StateConflict, match="重新起草"):
        save_event(actor=None, event=event, content={"text": "乙"}, writing=Writing(None, AT))


# -- versions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["viewer", "editor", "publisher"])
def test_the_page_of_a_withdrawn_entry_costs_fifteen_queries_at_most(
    role: str, django_assert_max_num_queries: Any
) -> None:
    event = EventFactory(people=[PersonFactory()], departments=[DepartmentFactory()])
    move_event(actor=person("publisher"), at=AT, event=event, step="withdraw", reason="来源有误")
    browser = browser_of(role)
    browser.get("/events/")
    ContentType.objects.clear_cache()
    with django_assert_max_num_queries(15):
        page = browser.get(event.get_absolute_url())
    assert page.status_code == (410 if role == "viewer" else 200)


def test_any_two_versions_are_compared_in_words() -> None:
    event = EventFactory(publication="draft", text="青河市召开防汛会议。")
    editor = browser_of("editor")
    save(editor, event, text="青河市召开抗旱会议。")
    save(editor, event, text="青河市召开抗旱会议。会议部署工作。")
    url = reverse("events:versions", args=[event.pk])
    page = editor.get(f"{url}?a=1&b=2").content.decode()
    assert "第 1 版 → 第 2 版" in page and "防汛<span" in page and "抗旱<span" in page
    assert "<del>" in page and "<ins>" in page and "现行文本" in page and str(person("editor")) in page
    assert "第 2 版 → 第 3 版" in editor.get(url).content.decode()
    assert "第 1 版 → 第 3 版" in editor.get(f"{url}?a=3&b=1").content.decode()
    assert "请在“旧”“新”两列各选一版" in editor.get(f"{url}?a=1&b=99").content.decode()


def test_an_older_version_is_taken_up_again_as_a_new_one() -> None:
    event = EventFactory(publication="draft", text="甲会议召开。")
    editor = browser_of("editor")
    save(editor, event, text="乙会议召开。")
    sent = form_of(editor, event, "?from=1")
    assert sent["text"] == "甲会议召开。"
    editor.post(edit_url(event, "?from=1"), sent)
    latest = Version.objects.of(event)[0]
    assert (latest.number, latest.restored, Event.objects.get().text) == (3, 1, "甲会议召开。")


# -- who may, and what it costs -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), ("viewer", 403), ("supervisor", 403), ("editor", 200), ("publisher", 200)],
)
def test_who_may_write(role: str, status: int) -> None:
    event = EventFactory(publication="published")
    client = browser_of(role)
    pages = [reverse(f"events:{name}", args=[event.pk]) for name in ("edit", "versions", "corrections")]
    assert {client.get(address).status_code for address in (NEW, *pages)} == {status}


def test_the_pages_cost_the_same_however_much_there_is() -> None:
    event = EventFactory(publication="draft", text="甲会议召开。", people=[PersonFactory()])
    editor = browser_of("editor")
    save(editor, event, text="乙会议召开。")
    names = ("edit", "versions", "corrections", "event")
    pages = [reverse(f"events:{name}", args=[event.pk]) for name in names]
    costs = {address: cost_of(address, editor) for address in (NEW, *pages)}
    for n in range(3):
        save(editor, event, text=f"第{n}次会议召开。")
        DepartmentFactory(), PersonFactory(posts=["局长"]), TopicFactory()
    assert {address: cost_of(address, editor) for address in costs} == costs
    assert max(costs.values()) <= MOST_QUERIES
