"""What an import wrote comes before the public in one press, by another person than wrote it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from directives.models import Directive
from events.models import Event
from events.services import update_event
from foundation.errors import PermissionRefused, StateConflict
from foundation.models import AuditEntry
from foundation.services.audit import record_change
from gazette import tasks, views
from gazette.models import ImportRun
from gazette.services import publish_drafts, publishing, remember
from organizations.models import User
from organizations.services import NameDirectory
from tests.accounts import browser_of, person
from tests.factories import DirectiveFactory, EventFactory

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)


def run_of(actor: User | None, *records: Any, state: str = "done") -> ImportRun:
    """An import that wrote these records."""
    run = ImportRun.objects.create(
        file_name="八月公报.txt", sha256="0" * 64, size=9, state=state, created_at=AT, started_by=actor
    )
    remember([(record, {"title": record.title}) for record in records], run)
    for record in records:
        record_change(actor=actor, action=f"{record._meta.model_name}.create", target=record, at=AT)
    return run


def drafts(count: int = 2) -> list[Event]:
    return [EventFactory(publication="draft") for _ in range(count)]


def states(*records: Any) -> list[str]:
    return [type(record).objects.get(pk=record.pk).publication for record in records]


def press(client: Client, run: ImportRun) -> Any:
    return client.post(f"{run.get_absolute_url()}publish/", follow=True)


def test_all_drafts_of_the_run_are_published_and_nothing_else() -> None:
    wrote: list[Any] = [*drafts(), EventFactory(publication="review"), DirectiveFactory(publication="draft")]
    withdrawn, elsewhere = EventFactory(publication="withdrawn"), EventFactory(publication="draft")
    run = run_of(person("editor"), *wrote, withdrawn)
    client = browser_of("publisher")
    before = client.get(run.get_absolute_url()).content.decode()
    assert "大事记 3 条，政策文件 1 件" in before and "全部签发发布" in before
    page = press(client, run).content.decode()
    assert "已签发 3 条大事记、1 件政策文件" in page and "全部签发发布" not in page
    assert states(*wrote) == ["published"] * 4
    assert states(withdrawn, elsewhere) == ["withdrawn", "draft"]
    assert Client().get(wrote[0].get_absolute_url()).status_code == 200


def test_each_record_and_the_whole_are_in_the_audit_log() -> None:
    event, document = EventFactory(publication="draft"), DirectiveFactory(publication="draft")
    run = run_of(None, event, document)
    publish_drafts(actor=person("publisher"), run=run, at=AT)
    assert [AuditEntry.objects.about(r).first().action for r in (event, document)] == [  # type: ignore[union-attr]
        "event.publish",
        "directive.publish",
    ]
    entry = AuditEntry.objects.about(run).get()
    assert (entry.action, entry.after) == ("import.publish", {"events": 1, "directives": 1, "left": 0})
    assert entry.actor == person("publisher")


def test_pressing_again_publishes_nothing_twice() -> None:
    event = EventFactory(publication="draft")
    run, client = run_of(None, event), browser_of("publisher")
    press(client, run)
    page = press(client, run).content.decode()
    assert "都已签发或撤回，没有重复签发" in page
    assert AuditEntry.objects.about(event).filter(action="event.publish").count() == 1
    assert AuditEntry.objects.about(run).count() == 1


def test_who_imported_does_not_publish() -> None:
    publisher, wrote = person("publisher"), drafts()
    run = run_of(publisher, *wrote)
    with pytest.raises(PermissionRefused, match="剩下的 2 条都由您导入或最后修改"):
        publish_drafts(actor=publisher, run=run, at=AT)
    assert states(*wrote) == ["draft", "draft"]
    assert not AuditEntry.objects.about(run).exists()
    published = publish_drafts(actor=person("publisher", "other"), run=run, at=AT)
    assert (published.events, published.own) == (2, 0)


def test_what_the_publisher_changed_waits_for_another() -> None:
    publisher, (own, other) = person("publisher"), drafts()
    run = run_of(person("editor"), own, other)
    directory = NameDirectory(actor=None, at=AT)
    update_event(
        actor=publisher, at=AT, event=own, changes={"title": "改题"}, directory=directory, reason="订正"
    )
    published = publish_drafts(actor=publisher, run=run, at=AT)
    assert (published.events, published.own) == (1, 1)
    assert "另有 1 条由您最后修改，须由另一位签发人签发" in published.sentence
    assert states(own, other) == ["draft", "published"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 302),
        (None, 403),
        ("viewer", 403),
        ("editor", 403),
        ("supervisor", 403),
        ("publisher", 302),
    ],
)
def test_who_may_publish_an_import(role: str | None, status: int) -> None:
    event = EventFactory(publication="draft")
    run = run_of(None, event)
    assert browser_of(role).post(f"{run.get_absolute_url()}publish/").status_code == status
    assert states(event) == ["published" if role == "publisher" else "draft"]


def test_an_editor_sees_what_waits_and_has_no_button() -> None:
    run = run_of(None, *drafts())
    page = browser_of("editor").get(run.get_absolute_url()).content.decode()
    assert "大事记 2 条" in page and "请签发人在本页一次签发" in page and "全部签发发布" not in page


@pytest.mark.parametrize("state", ["preview", "failed", "discarded"])
def test_an_import_that_was_not_written_publishes_nothing(state: str) -> None:
    with pytest.raises(StateConflict, match="还没有写入"):
        publish_drafts(actor=person("publisher"), run=run_of(None, state=state), at=AT)


def test_a_link_alone_publishes_nothing() -> None:
    run = run_of(None, *drafts())
    assert browser_of("publisher").get(f"{run.get_absolute_url()}publish/").status_code == 405
    assert set(Event.objects.values_list("publication", flat=True)) == {"draft"}


@pytest.mark.parametrize(("most", "at_once"), [(1, False), (2, True), (3, True)])
def test_many_are_published_in_the_background(
    most: int, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[Any, ...]] = []
    monkeypatch.setattr(views, "AT_ONCE_RECORDS", most)
    monkeypatch.setattr(tasks.publish_gazette, "delay", lambda *args: given.append(args))
    run, client = run_of(None, *drafts()), browser_of("publisher")
    page = press(client, run).content.decode()
    assert ("正在后台签发" in page) is not at_once
    assert states(*Event.objects.all()) == (["published"] * 2 if at_once else ["draft"] * 2)
    for arguments in given:
        tasks.publish_gazette(*arguments)
    assert states(*Event.objects.all()) == ["published"] * 2
    page = client.get(run.get_absolute_url()).content.decode()
    assert ("后台签发结束：已签发 2 条大事记" in page) is not at_once


def test_more_than_one_batch_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gazette.services.publishing.BATCH", 2)
    run = run_of(None, *drafts(5), DirectiveFactory(publication="draft"))
    published = publish_drafts(actor=person("publisher"), run=run, at=AT)
    assert (published.events, published.directives) == (5, 1)
    assert Directive.objects.get().publication == "published"


def test_what_was_published_is_on_record_though_the_rest_is_never_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gazette.services.publishing.BATCH", 2)
    run = run_of(None, *drafts(3))
    move: Any = vars(publishing)["move_event"]
    seen: list[Any] = []

    def stops_at_the_third(**values: Any) -> None:
        seen.append(values["event"])
        if len(seen) == 3:
            raise SystemExit
        move(**values)

    monkeypatch.setattr(publishing, "move_event", stops_at_the_third)
    with pytest.raises(SystemExit):
        publish_drafts(actor=person("publisher"), run=run, at=AT)
    assert Event.objects.filter(publication="published").count() == 2
    assert [one.after["events"] for one in AuditEntry.objects.about(run)] == [2]
    monkeypatch.setattr(publishing, "move_event", move)
    assert publish_drafts(actor=person("publisher"), run=run, at=AT).events == 1
    assert sorted(one.after["events"] for one in AuditEntry.objects.about(run)) == [1, 2]
