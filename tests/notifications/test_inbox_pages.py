"""The inbox, one's own ways to be reached, and the ledger of deliveries."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from notifications.models import Contact, Message, Preference
from notifications.services import Draft, deliver_to_inbox, queue_messages
from organizations.models import User
from tests.accounts import browser_of, person
from tests.factories import DepartmentFactory, UserFactory
from tests.taskboard.sheets import sheet_of

NOW = datetime(2023, 6, 1, 3, 0, tzinfo=UTC)
INBOX = "/inbox/"


def arrived(user: User, about: str = "task:1", topic: str = "task", url: str = "/tasks/") -> Message:
    draft = Draft(
        about=about,
        tier="due",
        recipient=user,
        topic=topic,
        subject=f"{about} 今天到期",
        url=url,
        not_before=NOW,
    )
    queue_messages(drafts=[draft], at=NOW)
    deliver_to_inbox(now=NOW)
    return Message.objects.get(about=about, recipient=user, channel="inbox")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_a_visitor_is_sent_to_sign_in() -> None:
    answer = Client().get(INBOX)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_an_empty_inbox_says_what_would_fill_it() -> None:
    assert "这里没有消息" in browser_of("viewer").get(INBOX).content.decode()


@pytest.mark.django_db
def test_one_sees_ones_own_messages_only() -> None:
    user, other = person(name="a"), person(name="b")
    arrived(user)
    arrived(other, about="task:2")
    page = signed_in(user).get(INBOX).content.decode()
    assert "task:1 今天到期" in page
    assert "task:2" not in page


@pytest.mark.django_db
def test_opening_a_message_marks_it_read_and_leads_on() -> None:
    user = person()
    message = arrived(user)
    client = signed_in(user)
    assert "1 条未读" in client.get(INBOX).content.decode()
    assert client.get(reverse("notifications:message", args=[message.pk])).status_code == 405
    answer = client.post(reverse("notifications:message", args=[message.pk]))
    assert answer["Location"] == "/tasks/"
    assert "0 条未读" in client.get(INBOX).content.decode()


@pytest.mark.django_db
def test_a_message_never_leads_to_another_site() -> None:
    user = person()
    message = arrived(user, url="https://elsewhere.example/")
    answer = signed_in(user).post(reverse("notifications:message", args=[message.pk]))
    assert answer["Location"] == INBOX


@pytest.mark.django_db
def test_a_second_answer_is_told_when_the_first_was() -> None:
    user = person()
    message = arrived(user)
    client = signed_in(user)
    address = reverse("notifications:acknowledge", args=[message.pk])
    client.post(address)
    first = Message.objects.get(pk=message.pk).acknowledged_at
    answer = client.post(address, follow=True)
    assert "无需再次应答" in answer.content.decode()
    assert Message.objects.get(pk=message.pk).acknowledged_at == first


@pytest.mark.django_db
def test_nobody_answers_for_another() -> None:
    message = arrived(person(name="a"))
    answer = browser_of("supervisor").post(reverse("notifications:acknowledge", args=[message.pk]))
    assert answer.status_code == 404
    assert Message.objects.get(pk=message.pk).acknowledged_at is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("channel", "address", "kept"),
    [
        ("email", "zhang@example.cn", True),
        ("email", "zhang", False),
        ("voice", "139-0000-0000", True),
        ("voice", "call me", False),
        ("dingtalk", "dingtalk://abcdefghijklmnop", True),
        ("dingtalk", "json://127.0.0.1/", False),
        ("webhook", "http://127.0.0.1/hook", False),
        ("inbox", "x", False),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_a_sentence(
    channel: str, address: str, kept: bool
) -> None:
    client = browser_of("viewer")
    data = {"channel": channel, "address": address}
    answer = client.post(reverse("notifications:contact_add"), data)
    assert answer.status_code == (302 if kept else 400)
    assert Contact.objects.exists() == kept


@pytest.mark.django_db
@pytest.mark.parametrize(("known", "kept"), [(8, True), (9, True), (10, False), (11, False)])
def test_nobody_is_reached_in_a_heap_of_ways(known: int, kept: bool) -> None:
    client, user = browser_of("viewer"), person("viewer")
    Contact.objects.bulk_create(
        Contact(user=user, channel="email", address=f"a{number}@example.cn") for number in range(known)
    )
    data = {"channel": "email", "address": "new@example.cn"}
    answer = client.post(reverse("notifications:contact_add"), data)
    assert answer.status_code == (302 if kept else 400)
    assert kept or "最多登记 10 个" in answer.content.decode()
    assert Contact.objects.count() == known + kept


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "reads"), [("group", True), ("street", False), ("government", False)])
def test_what_the_command_post_is_told_is_not_for_a_streets_duty_officer(kind: str, reads: bool) -> None:
    unit = DepartmentFactory(name="某单位", slug="unit", kind=kind)
    officer: User = UserFactory(username="duty", role="duty_officer", department=unit)
    arrived(person(name="a"), about="obligation:1", topic="flood")
    message = Message.objects.get()
    Message.objects.update(state="failed")
    client = Client()
    client.force_login(officer)
    assert client.get(reverse("notifications:ledger")).status_code == (200 if reads else 403)
    assert client.get("/api/v1/messages/").json()["count"] == reads
    assert client.get(f"/api/v1/messages/{message.pk}/").status_code == (200 if reads else 404)
    client.post(reverse("notifications:resend", args=[message.pk]))
    assert (Message.objects.get().state == "pending") is reads


@pytest.mark.django_db
def test_half_of_the_quiet_hours_is_refused() -> None:
    client = browser_of("viewer")
    address = reverse("notifications:settings")
    assert client.post(address, {"quiet_from": "22:00"}).status_code == 400
    assert not Preference.objects.exists()
    assert client.post(address, {"quiet_from": "22:00", "quiet_until": "06:30"}).status_code == 302
    assert str(Preference.objects.get().quiet_until) == "06:30:00"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [("viewer", 403), ("department_officer", 403), ("supervisor", 200), ("commander", 200)],
)
def test_the_ledger_is_for_those_who_watch(role: str, status: int) -> None:
    assert browser_of(role).get(reverse("notifications:ledger")).status_code == status


@pytest.mark.django_db
def test_a_supervisor_sees_messages_about_tasks_and_not_about_floods() -> None:
    user = person(name="a")
    arrived(user)
    arrived(user, about="obligation:1", topic="flood")
    page = browser_of("supervisor").get(reverse("notifications:ledger")).content.decode()
    assert "task:1 今天到期" in page
    assert "obligation:1" not in page


@pytest.mark.django_db
def test_the_ledger_is_sorted_and_goes_out_as_a_workbook() -> None:
    user = person(name="a")
    for about in ("task:1", "task:2"):
        arrived(user, about=about)
    Message.objects.filter(about="task:1").update(not_before=NOW - timedelta(days=9))
    browser = browser_of("supervisor")
    for sort, subjects in (
        ("due", ["task:1", "task:2"]),
        ("-due", ["task:2", "task:1"]),
        ("x", ["task:2", "task:1"]),
    ):
        page = browser.get(reverse("notifications:ledger"), {"sort": sort}).context["page"]
        assert [message.about for message in page] == subjects
        sheet = sheet_of(browser.get(reverse("notifications:ledger_xlsx"), {"sort": sort}).content)
        titles = [str(row[1].value) for row in sheet if row[1].value and "到期" in str(row[1].value)]
        assert [title.split()[0] for title in titles] == subjects
    assert browser_of("viewer").get(reverse("notifications:ledger_xlsx")).status_code == 403


@pytest.mark.django_db
def test_the_api_answers_once_and_then_with_a_conflict() -> None:
    user = person()
    message = arrived(user)
    client = signed_in(user)
    listed = client.get("/api/v1/messages/").json()
    assert [row["id"] for row in listed["results"]] == [message.pk]
    assert listed["results"][0]["lateness_s"] == 0
    address = f"/api/v1/messages/{message.pk}/acknowledge/"
    headers = {"X-CSRFToken": "x"}
    assert client.post(address, headers=headers).status_code == 200
    assert client.post(address, headers=headers).status_code == 409


@pytest.mark.django_db
def test_the_api_hides_other_peoples_messages() -> None:
    message = arrived(person(name="a"))
    client = browser_of("viewer")
    assert client.get("/api/v1/messages/").json()["count"] == 0
    assert client.get(f"/api/v1/messages/{message.pk}/").status_code == 404
    assert Client().get("/api/v1/messages/").status_code == 401
