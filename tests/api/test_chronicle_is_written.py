"""The chronicle is written through the interface by the same rules as on its pages."""

from typing import Any

import pytest

from events.models import Correction, Event
from foundation.models import Revision
from tests.api.world import Caller
from tests.factories import DepartmentFactory, EventFactory, PersonFactory, TopicFactory

pytestmark = pytest.mark.django_db


def post(role: str, path: str, status: int, **sent: Any) -> Any:
    answer = Caller(role).http.post(f"/api/v1/events/{path}", sent, format="json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def text_of(event: Event, role: str = "editor") -> dict[str, Any]:
    data: dict[str, Any] = Caller(role).get(f"events/{event.pk}/text/")
    return data


def test_an_entry_is_registered_submitted_and_published_by_two_people() -> None:
    DepartmentFactory(name="水务局", slug="shuiwu").aliases.create(name="水利局")
    PersonFactory(name="林青", posts=["市长"]), TopicFactory(slug="flood", name="防汛")
    made = post(
        "editor", "", 201, start_date="2031-08-03", text="青河市召开会议。", departments=["水利局"],
        officials=[{"name": "林青", "post": "市长"}], topics=["flood"],
    )  # fmt: skip
    assert (made["status"], made["title"], made["departments"][0]["slug"]) == (
        "draft",
        "青河市召开会议",
        "shuiwu",
    )
    assert post("editor", f"{made['id']}/publication/submit/", 200)["status"] == "review"
    post("editor", f"{made['id']}/publication/publish/", 403)
    assert post("publisher", f"{made['id']}/publication/publish/", 200)["status"] == "published"
    post("publisher", f"{made['id']}/publication/publish/", 409)
    post("publisher", f"{made['id']}/publication/withdraw/", 400)
    assert (
        post("publisher", f"{made['id']}/publication/withdraw/", 200, reason="重复")["status"] == "withdrawn"
    )


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": "会议。"}, "start_date"),
        ({"start_date": "2031-08-03"}, "text"),
        ({"start_date": "2031-08-03", "end_date": "2031-08-02", "text": "会议。"}, "end_date"),
        ({"start_date": "2031-08-03", "text": "会议。", "departments": ["无名局"]}, "departments"),
        ({"start_date": "2031-08-03", "text": "会议。", "topics": ["nowhere"]}, "topics"),
    ],
)
def test_what_cannot_be_used_is_named(sent: dict[str, Any], field: str) -> None:
    assert field in post("editor", "", 400, **sent)
    assert not Event.objects.exists()


def test_the_second_of_two_is_answered_409_with_the_stored_text() -> None:
    event = EventFactory(publication="draft", text="甲会议。")
    seen = text_of(event)["seen"]
    post("editor", f"{event.pk}/text/", 200, seen=seen, reason="订正", text="乙会议。")
    answer = post("publisher", f"{event.pk}/text/", 409, seen=seen, reason="订正", text="丙会议。")
    assert answer["stored"]["text"] == "乙会议。" and "另一份文本" in answer["detail"]
    post("publisher", f"{event.pk}/text/", 200, seen=answer["seen"], reason="合并", text="乙丙会议。")
    assert Event.objects.get().text == "乙丙会议。"


def test_beside_a_published_entry_a_correction_is_proposed_and_signed() -> None:
    event = EventFactory(text="甲会议。")
    seen = text_of(event)["seen"]
    waiting = post("editor", f"{event.pk}/text/", 200, seen=seen, reason="订正", text="乙会议。")["revision"]
    assert (waiting["state"], Event.objects.get().text) == ("draft", "甲会议。")
    step = {"version": waiting["version"]}
    post("editor", f"{event.pk}/revision/", 200, step="submit", **step)
    post("editor", f"{event.pk}/revision/", 403, step="publish", **step)
    post("publisher", f"{event.pk}/revision/", 409, step="publish", version=99)
    assert post("publisher", f"{event.pk}/revision/", 200, step="publish", **step)["text"] == "乙会议。"
    post("publisher", f"{event.pk}/revision/", 404, step="publish", **step)
    assert Revision.objects.get().state == "published"


def test_a_correction_notice_is_proposed_by_one_and_signed_by_another() -> None:
    event = EventFactory(text="青合市开会。")
    notice = post("editor", f"{event.pk}/corrections/", 201, printed="青合市", corrected="青河市")
    assert notice["standing"] == "proposed"
    post("editor", f"{event.pk}/corrections/", 409, printed="青合市", corrected="清河市")
    settle = {"correction": notice["id"]}
    post("editor", f"{event.pk}/corrections/settle/", 403, step="confirm", **settle)
    signed = post("publisher", f"{event.pk}/corrections/settle/", 200, step="confirm", **settle)
    assert signed["standing"] == "confirmed"
    post("publisher", f"{event.pk}/corrections/settle/", 200, step="void", reason="看错", **settle)
    assert Correction.objects.get().standing == "void"


@pytest.mark.parametrize(("role", "status"), [("anonymous", 401), ("viewer", 403), ("supervisor", 403)])
def test_others_write_nothing(role: str, status: int) -> None:
    event = EventFactory(text="甲会议。")
    for path in ("", *(f"{event.pk}/{name}/" for name in ("text", "revision", "corrections"))):
        post(role, path, status)
    post(role, f"{event.pk}/publication/withdraw/", status, reason="重复")
    assert Caller(role).status(f"events/{event.pk}/text/") == status
