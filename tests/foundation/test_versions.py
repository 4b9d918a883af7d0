"""Texts are kept version by version; beside a published text a correction waits for a second person."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from events.models import Event
from foundation.comparing import compare, runs_of
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry, Revision, Version
from foundation.services.revisions import Writing, save_text, step_revision
from foundation.services.versions import keep_version
from foundation.versions import Edited, StaleText, content_mark
from organizations.models import User
from tests.accounts import person
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)


def read(event: Event) -> dict[str, Any]:
    return {"start_date": event.start_date, "title": event.title, "text": event.text}


def write(*, actor: User | None, at: datetime, record: Event, changes: dict[str, Any], reason: str) -> Event:
    for name, value in changes.items():
        setattr(record, name, date.fromisoformat(value) if name == "start_date" else value)
    record.save()
    return record


NOTES = Edited(read=read, write=write)


def seen(event: Event) -> str:
    return content_mark(read(Event.objects.get(pk=event.pk)))


def save(event: Event, by: User | None, mark: str | None = None, **typed: Any) -> Any:
    content = {**read(Event.objects.get(pk=event.pk)), **typed}
    return save_text(
        record=event, edited=NOTES, content=content, writing=Writing(by, AT, "订正", seen=mark or seen(event))
    )


def step(revision: Revision, name: str, by: User | None, **more: Any) -> Revision:
    return step_revision(actor=by, at=AT, revision=revision, step=name, edited=NOTES, **more)


def text(event: Event) -> str:
    return Event.objects.get(pk=event.pk).text


def test_a_draft_is_changed_and_both_texts_are_kept() -> None:
    event = EventFactory(publication="draft", text="甲")
    save(event, person("editor"), text="乙")
    assert text(event) == "乙"
    kept = Version.objects.of(event).order_by("number")
    assert [(v.number, v.content["text"], v.made_by) for v in kept] == [
        (1, "甲", None),
        (2, "乙", person("editor")),
    ]
    assert kept[1].reason == "订正"


def test_the_first_version_is_told_by_the_records_history() -> None:
    event = EventFactory(publication="draft", text="甲")
    event.history.update(history_user=person("editor"), history_change_reason="导入公报")
    save(event, person("publisher"), text="乙")
    first = Version.objects.of(event).get(number=1)
    assert (first.made_by, first.reason) == (person("editor"), "导入公报")


def test_the_same_text_is_no_version() -> None:
    event = EventFactory(publication="draft")
    with pytest.raises(InvalidInput, match="没有需要保存的改动"):
        save(event, person("editor"))
    first = keep_version(actor=None, at=AT, record=event, content=read(event))
    assert keep_version(actor=person("editor"), at=AT, record=event, content=read(event)) == first


def test_the_second_of_two_editors_is_shown_the_first_text() -> None:
    event = EventFactory(publication="draft", text="甲")
    opened = seen(event)
    save(event, person("editor"), opened, text="乙")
    with pytest.raises(StaleText) as refused:
        save(event, person("publisher"), opened, text="丙")
    assert text(event) == "乙"
    assert refused.value.status == 409
    assert refused.value.stored["text"] == "乙" and refused.value.by == str(person("editor"))
    save(event, person("publisher"), refused.value.mark, text="乙丙")
    assert text(event) == "乙丙"


def test_the_public_reads_the_old_text_until_another_person_signs() -> None:
    event = EventFactory(text="甲")
    revision = save(event, person("publisher"), text="乙")
    assert (revision.state, text(event)) == ("draft", "甲")
    revision = step(revision, "submit", person("publisher"))
    with pytest.raises(PermissionRefused, match="另一位签发人"):
        step(revision, "publish", person("publisher"))
    assert text(event) == "甲"
    revision = step(revision, "publish", person("publisher", "second"))
    assert (revision.state, text(event), revision.settled_by) == ("published", "乙", person(name="second"))
    actions = AuditEntry.objects.about(event).order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["event.propose", "event.revision.submit", "event.revision.publish"]


def test_a_proposal_under_way_is_changed_not_doubled() -> None:
    event = EventFactory(text="甲")
    first = save(event, person("editor"), text="乙")
    again = save(event, person("editor"), content_mark(first.head.content), text="丙")
    assert again.pk == first.pk and again.head.number == 3 and again.base.content["text"] == "甲"
    with pytest.raises(StaleText):
        save(event, person("publisher"), text="丁")
    step(again, "submit", None)
    with pytest.raises(StateConflict, match="已提交签发"):
        save(event, person("editor"), content_mark(again.head.content), text="戊")


def test_nobody_signs_a_text_that_he_has_not_seen() -> None:
    event = EventFactory(text="甲")
    revision = step(save(event, person("editor"), text="乙"), "submit", person("editor"))
    with pytest.raises(StateConflict, match="第 2 版"):
        step(revision, "publish", person("publisher"), seen=1)
    assert step(revision, "publish", person("publisher"), seen=2).state == "published"


def test_a_text_changed_in_the_same_place_meanwhile_is_not_overwritten() -> None:
    event = EventFactory(text="甲", title="一")
    revision = step(save(event, person("editor"), text="乙"), "submit", person("editor"))
    Event.objects.filter(pk=event.pk).update(title="二")
    other = EventFactory(text="甲")
    stuck = step(save(other, person("editor"), text="乙"), "submit", person("editor"))
    Event.objects.filter(pk=other.pk).update(text="丙")
    step(revision, "publish", person("publisher"))
    assert (text(event), Event.objects.get(pk=event.pk).title) == ("乙", "二")
    with pytest.raises(StateConflict, match="又有变动"):
        step(stuck, "publish", person("publisher"))
    assert text(other) == "丙"


def test_what_is_given_up_needs_a_reason_and_changes_nothing() -> None:
    event = EventFactory(text="甲")
    revision = save(event, person("editor"), text="乙")
    with pytest.raises(InvalidInput, match="须写明理由"):
        step(revision, "discard", person("editor"))
    assert step(revision, "discard", person("editor"), reason="原件无误").note == "原件无误"
    assert text(event) == "甲"
    with pytest.raises(StateConflict):
        step(revision, "submit", person("editor"))


@pytest.mark.parametrize("state", ["review", "withdrawn"])
def test_a_text_that_waits_or_was_withdrawn_is_not_changed(state: str) -> None:
    event = EventFactory(publication=state, text="甲")
    with pytest.raises(StateConflict, match="不能修改"):
        save(event, person("editor"), text="乙")
    assert text(event) == "甲"


def test_two_texts_are_compared_by_words_of_their_fields() -> None:
    labels = {"title": "标题", "people": "人员"}
    before = {"title": "青河市召开防汛会议", "people": ["张三", "李四"]}
    after = {"title": "青河市召开抗旱会议", "people": ["张三", "李四", "王五"]}
    changes = compare(
        before, after, labels=labels, in_lines=lambda name, value: [value] if name == "title" else value
    )
    title, people = changes
    assert [(run.mark, run.text) for run in title.lines[0].runs] == [
        ("same", "青河市召开"),
        ("del", "防汛"),
        ("ins", "抗旱"),
        ("same", "会议"),
    ]
    assert (people.left_out, [line.mark for line in people.lines]) == (2, ["ins"])


def test_long_stretches_that_both_say_are_shortened_beside_the_change() -> None:
    stretch = "".join(chr(0x4E00 + n) for n in range(300))
    runs = runs_of(stretch + "甲" + stretch, stretch + "乙" + stretch)
    assert [run.mark for run in runs] == ["same", "del", "ins", "same"]
    assert len(runs[0].text) < 60 and runs[0].text.endswith(stretch[-40:])
