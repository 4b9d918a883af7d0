"""Warnings before a response: taken in, assessed, issued to those concerned, lifted or expired."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from floodresponse.command.journal import IN_LOG, line_of
from floodresponse.models import FloodWarning, Plan, Response
from floodresponse.services.warnings import (
    WarningContent,
    assess_warning,
    issue_warning,
    lift_warning,
    receive_warning,
)
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Department, Role, User
from tests.factories import UserFactory
from tests.floodresponse.city import Phone, department, make_plan
from tests.zalantun.test_cost_of_pages import cost_of

pytestmark = pytest.mark.django_db
LIST = "/flood/warnings/"
State = FloodWarning.State


class City:
    def __init__(self) -> None:
        self.plan: Plan = make_plan()
        self.weather = department("气象局")
        self.drains = Department.objects.get(name="排水局")
        self.street = Department.objects.get(name="东街街道")
        self.office: User = UserFactory(username="office", role="duty_officer")
        self.commander: User = UserFactory(username="commander", role="commander")
        self.forecaster: User = UserFactory(
            username="forecaster", role="department_officer", department=self.weather
        )
        self.drainer: User = UserFactory(username="drainer", role="department_head", department=self.drains)
        self.street_duty: User = UserFactory(username="street", role="duty_officer", department=self.street)
        self.outsider: User = UserFactory(
            username="outsider", role="department_officer", department=department("档案局")
        )

    def receive(self, actor: User | None = None, **change: Any) -> FloodWarning:
        now = timezone.now()
        values: dict[str, Any] = {
            "issuer": self.weather,
            "kind": "rainstorm",
            "colour": 3,
            "text": "未来六小时有强降雨。",
            "valid_from": now,
            "valid_to": now + timedelta(hours=6),
            "key": uuid.uuid4(),
            **change,
        }
        return receive_warning(actor=actor or self.forecaster, at=now, content=WarningContent(**values))

    def approve(self, warning: FloodWarning) -> FloodWarning:
        return assess_warning(
            actor=self.office, at=timezone.now(), warning=warning, issue=True, note="与雨情相符"
        )

    def issue(self, warning: FloodWarning, *units: Department) -> FloodWarning:
        chosen = units or (self.drains, self.street)
        return issue_warning(actor=self.office, at=timezone.now(), warning=warning, units=chosen)


@pytest.fixture
def city() -> City:
    return City()


def told(warning: FloodWarning, tier: str) -> set[str]:
    keys = Message.objects.filter(about=f"flood-warning:{warning.pk}", dedupe_key__contains=f":{tier}:")
    return {message.recipient.username for message in keys.select_related("recipient") if message.recipient}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestItsCourse:
    def test_from_the_forecaster_to_all_clear(self, city: City) -> None:
        warning = city.receive()
        assert (warning.state, told(warning, "received")) == (State.RECEIVED, {"office"})
        assert city.approve(warning).state == State.APPROVED
        issued = city.issue(warning)
        assert issued.state == State.ISSUED and set(issued.units.all()) == {city.drains, city.street}
        assert told(issued, "issued") == {"drainer", "street", "office", "commander"}
        lifted = lift_warning(actor=city.commander, at=timezone.now(), warning=issued, reason="降雨已停")
        assert (lifted.state, lifted.lifted_by) == (State.LIFTED, city.commander)
        assert told(lifted, "lifted") == {"drainer", "street", "office", "commander"}
        actions = AuditEntry.objects.filter(action__startswith="flood_warning.").order_by("sequence")
        assert [entry.action.split(".")[1] for entry in actions] == ["receive", "assess", "issue", "lift"]
        assert [entry.actor_id for entry in actions][1:] == [
            city.office.pk,
            city.office.pk,
            city.commander.pk,
        ]

    def test_it_is_no_level(self, city: City) -> None:
        city.issue(city.approve(city.receive(colour=1)))
        assert not Response.objects.exists()

    def test_declined_it_goes_to_nobody(self, city: City) -> None:
        warning = city.receive()
        declined = assess_warning(
            actor=city.office, at=timezone.now(), warning=warning, issue=False, note="影响不到城区"
        )
        assert declined.state == State.DECLINED
        with pytest.raises(StateConflict, match="研判不发布"):
            city.issue(declined)
        assert told(warning, "issued") == set()

    def test_the_office_hears_when_its_time_is_over_unless_it_was_lifted(self, city: City) -> None:
        warning = city.issue(city.approve(city.receive()))
        message = Message.objects.get(dedupe_key__contains=":expired:")
        assert (message.not_before, message.recipient) == (warning.valid_to, city.office)
        lift_warning(actor=city.office, at=timezone.now(), warning=warning, reason="降雨已停")
        message.refresh_from_db()
        assert message.state == Message.State.CANCELLED

    @pytest.mark.parametrize(("seconds", "expired"), [(-1, False), (0, True), (1, True)])
    def test_it_expires_at_its_last_moment(self, city: City, seconds: int, expired: bool) -> None:
        warning = city.issue(city.approve(city.receive()))
        at = warning.valid_to + timedelta(seconds=seconds)
        assert warning.expired(at) is expired
        assert FloodWarning.objects.in_force(at).exists() is not expired

    @pytest.mark.parametrize(("seconds", "lifted"), [(-1, True), (0, False)])
    def test_what_has_expired_is_not_lifted(self, city: City, seconds: int, lifted: bool) -> None:
        warning = city.issue(city.approve(city.receive()))
        at = warning.valid_to + timedelta(seconds=seconds)
        with nullcontext() if lifted else pytest.raises(StateConflict, match="到期，无需解除"):
            lift_warning(actor=city.office, at=at, warning=warning, reason="降雨已停")
        warning.refresh_from_db()
        assert (warning.state == State.LIFTED) is lifted

    @pytest.mark.parametrize(("seconds", "issued"), [(-1, True), (0, False)])
    def test_what_has_expired_is_not_issued(self, city: City, seconds: int, issued: bool) -> None:
        warning = city.approve(city.receive())
        at = warning.valid_to + timedelta(seconds=seconds)
        with nullcontext() if issued else pytest.raises(StateConflict, match="已经过期，没有发布"):
            issue_warning(actor=city.office, at=at, warning=warning, units=[city.drains])
        warning.refresh_from_db()
        assert (warning.state == State.ISSUED) is issued

    def test_each_step_happens_once(self, city: City) -> None:
        warning = city.approve(city.receive())
        stale = FloodWarning.objects.get(pk=warning.pk)
        city.issue(warning)
        for again in (lambda: city.approve(stale), lambda: city.issue(stale, city.drains)):
            with pytest.raises(StateConflict, match="现在是“已发布”，没有重复办理"):
                again()
        assert set(warning.units.all()) == {city.drains, city.street}

    def test_one_form_is_one_warning(self, city: City) -> None:
        key = uuid.uuid4()
        assert city.receive(key=key) == city.receive(key=key)
        assert FloodWarning.objects.count() == 1
        assert Message.objects.filter(channel="inbox").count() == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"text": " "}, "text"),
            ({"text": "雨" * 5001}, "text"),
            ({"kind": "snow"}, "kind"),
            ({"colour": 5}, "colour"),
        ],
    )
    def test_what_says_nothing(self, city: City, change: dict[str, Any], field: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            city.receive(**change)
        assert list(refused.value.fields) == [field]

    @pytest.mark.parametrize(("minutes", "taken"), [(-1, False), (0, False), (1, True)])
    def test_it_ends_after_it_begins(self, city: City, minutes: int, taken: bool) -> None:
        begins = timezone.now() + timedelta(hours=1)
        with nullcontext() if taken else pytest.raises(InvalidInput, match="晚于起始时间"):
            city.receive(valid_from=begins, valid_to=begins + timedelta(minutes=minutes))
        assert FloodWarning.objects.exists() is taken

    def test_what_is_over_is_not_taken_in(self, city: City) -> None:
        now = timezone.now()
        with pytest.raises(InvalidInput, match="已经过期"):
            city.receive(valid_from=now - timedelta(hours=2), valid_to=now - timedelta(hours=1))

    @pytest.mark.parametrize(
        ("note", "taken"), [("三个字", False), ("四个字的", True), ("雨" * 500, True), ("雨" * 501, False)]
    )
    def test_the_note_of_the_assessment(self, city: City, note: str, taken: bool) -> None:
        warning = city.receive()
        with nullcontext() if taken else pytest.raises(InvalidInput, match="研判意见"):
            assess_warning(actor=city.office, at=timezone.now(), warning=warning, issue=True, note=note)
        warning.refresh_from_db()
        assert (warning.state == State.APPROVED) is taken

    def test_to_nobody_is_not_issued(self, city: City) -> None:
        warning = city.approve(city.receive())
        with pytest.raises(InvalidInput, match="发布范围"):
            issue_warning(actor=city.office, at=timezone.now(), warning=warning, units=[])

    def test_a_unit_hands_in_its_own_only(self, city: City) -> None:
        city.receive(city.office)
        city.receive(city.street_duty, issuer=city.street)
        for actor, issuer in ((city.drainer, city.weather), (city.street_duty, city.weather)):
            with pytest.raises(PermissionRefused, match="只能登记本单位"):
                city.receive(actor, issuer=issuer)
        with pytest.raises(PermissionRefused):
            city.receive(UserFactory(role="viewer"))

    def test_only_office_and_commander_handle_it(self, city: City) -> None:
        now, warning = timezone.now(), city.receive()
        for actor in (city.street_duty, city.forecaster, city.drainer, UserFactory(role="editor")):
            with pytest.raises((PermissionRefused, PermissionDenied)):
                assess_warning(actor=actor, at=now, warning=warning, issue=True, note="与雨情相符")
            with pytest.raises((PermissionRefused, PermissionDenied)):
                lift_warning(actor=actor, at=now, warning=warning, reason="降雨已停")
            with pytest.raises((PermissionRefused, PermissionDenied)):
                issue_warning(actor=actor, at=now, warning=warning, units=[city.drains])
        warning.refresh_from_db()
        assert warning.state == State.RECEIVED


class TestDrills:
    def test_it_reaches_the_command_post_alone_and_no_telephone(self, city: City, settings: Any) -> None:
        settings.NOTIFY_URLS = ["json://robot.example/"]
        warning = city.issue(city.approve(city.receive(exercise=True)))
        assert told(warning, "issued") == {"office", "commander"}
        messages = Message.objects.filter(about=f"flood-warning:{warning.pk}")
        assert {message.channel for message in messages} == {"inbox"}
        assert all(message.subject.startswith("【演练】") for message in messages)

    def test_a_real_one_is_heard_by_the_robots(self, city: City, settings: Any) -> None:
        settings.NOTIFY_URLS = ["json://robot.example/"]
        warning = city.issue(city.approve(city.receive()))
        assert Message.objects.filter(about=f"flood-warning:{warning.pk}", recipient=None).exists()

    def test_it_is_not_in_the_feed(self, city: City) -> None:
        drill = city.issue(city.approve(city.receive(exercise=True)))
        real = city.issue(city.approve(city.receive()))
        feed = browser(city.office).get(f"{LIST}feed/").content.decode()
        assert f"{LIST}{real.pk}/" in feed and f"{LIST}{drill.pk}/" not in feed


class TestThePages:
    def sent(self, page: Any, **values: Any) -> dict[str, Any]:
        form = page.context["form"]
        usual = {name: form[name].value() for name in ("valid_from", "valid_to", "key")}
        usual = {
            name: f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value
            for name, value in usual.items()
        }
        return {**usual, "kind": "rainstorm", "colour": "2", "text": "有强降雨。", **values}

    def test_the_whole_course_in_a_browser(self, city: City) -> None:
        weather, office = browser(city.forecaster), browser(city.office)
        page = weather.get(f"{LIST}new/")
        assert [unit.name for unit in page.context["form"].fields["issuer"].queryset] == ["气象局"]
        made = weather.post(f"{LIST}new/", self.sent(page, issuer=city.weather.pk), follow=True)
        warning = FloodWarning.objects.get()
        assert "等待防涝办研判" in made.content.decode()
        url = warning.get_absolute_url()
        assert office.get(url).context["step"].fields.keys() == {"decision", "note"}
        office.post(f"{url}assess/", {"decision": "yes", "note": "与雨情相符"})
        step = office.get(url).context["step"]
        names = {unit.name for unit in step.fields["units"].queryset}
        assert names >= {"排水局", "治安局", "东街街道", "西街街道"} and "档案局" not in names
        office.post(f"{url}issue/", {"units": [city.drains.pk, city.street.pk]})
        shown = office.get(url).content.decode()
        assert "生效中" in shown and "排水局" in shown
        office.post(f"{url}lift/", {"reason": "降雨已停"})
        assert "已解除" in office.get(url).content.decode()
        warning.refresh_from_db()
        assert warning.state == State.LIFTED

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"text": ""}, "必填"),
            ({"valid_to": "2020-01-01T00:00"}, "晚于起始时间"),
            ({"colour": "9"}, "选择一个有效的选项"),
        ],
    )
    def test_what_is_refused_stays_typed(self, city: City, change: dict[str, str], words: str) -> None:
        client = browser(city.office)
        page = client.get(f"{LIST}new/")
        refused = client.post(f"{LIST}new/", self.sent(page, issuer=city.street.pk, **change))
        assert refused.status_code == 400 and words in refused.content.decode()
        assert not FloodWarning.objects.exists()

    def test_a_refused_step_keeps_its_words(self, city: City) -> None:
        warning = city.receive()
        refused = browser(city.office).post(f"{LIST}{warning.pk}/assess/", {"decision": "no", "note": "短"})
        assert refused.status_code == 400
        assert "4 至 500 字" in refused.content.decode() and "短</textarea>" in refused.content.decode()

    def test_filters_sorting_and_export(self, city: City) -> None:
        red = city.receive(colour=1, kind="river")
        blue = city.issue(city.approve(city.receive(colour=4)))
        client = browser(city.office)

        def listed(**asked: str) -> list[FloodWarning]:
            return [warning for warning, _ in client.get(LIST, asked).context["rows"]]

        assert listed() == [blue, red] and listed(sort="colour") == [red, blue]
        assert listed(state="received") == listed(kind="river") == listed(colour="1") == [red]
        assert listed(state="in_force") == [blue] and listed(state="expired") == []
        assert listed(issuer=city.street.slug) == [] and len(listed(issuer=city.weather.slug)) == 2
        FloodWarning.objects.filter(pk=blue.pk).update(
            valid_from=timezone.now() - timedelta(hours=2), valid_to=timezone.now() - timedelta(hours=1)
        )
        assert listed(state="expired") == [blue] and listed(state="in_force") == []
        sheet = load_workbook(BytesIO(client.get(f"{LIST}warnings.xlsx", {"kind": "river"}).content)).active
        assert sheet is not None
        assert [[cell.value for cell in line][1:4] for line in sheet.iter_rows(min_row=2)] == [
            ["气象局", "洪水、山洪", "红色"]
        ]

    def test_an_empty_list_says_what_would_fill_it(self, city: City) -> None:
        assert "登记后列在这里" in browser(city.office).get(LIST).content.decode()

    def test_the_list_costs_the_same_however_long(self, city: City) -> None:
        client = browser(city.office)
        first = city.issue(city.approve(city.receive()))
        few = [cost_of(page, client) for page in (LIST, first.get_absolute_url(), f"{LIST}feed/")]
        for _ in range(5):
            city.issue(city.approve(city.receive()))
        assert [cost_of(page, client) for page in (LIST, first.get_absolute_url(), f"{LIST}feed/")] == few
        assert max(few) <= 15


class TestWhoMay:
    STAFF = frozenset(Role.values)
    SUBMITS = frozenset({"duty_officer", "commander", "department_officer", "department_head"})

    @pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
    def test_pages(self, city: City, role: str | None) -> None:
        warning = city.receive()
        client = Client() if role == "anonymous" else browser(UserFactory(role=role or ""))
        refused = 302 if role == "anonymous" else 403
        staff = 200 if role in self.STAFF else refused
        url = warning.get_absolute_url()
        wanted = dict.fromkeys((LIST, url, f"{LIST}warnings.xlsx", f"{LIST}feed/"), staff)
        wanted[f"{LIST}new/"] = 200 if role in self.SUBMITS else refused
        assert {path: client.get(path).status_code for path in wanted} == wanted
        handles = 400 if role in {"duty_officer", "commander"} else refused
        for step in ("assess", "issue", "lift"):
            assert client.post(f"{url}{step}/", {}).status_code == handles, step

    @pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
    def test_the_interface(self, city: City, role: str | None) -> None:
        warning, phone = city.receive(), Phone(role)
        listed = 401 if role == "anonymous" else 403 if role is None else 200
        one = 404 if role is None else listed
        phone.get("warnings/", status=listed)
        phone.get(f"warnings/{warning.pk}/", status=one)
        phone.get("warnings/999999/", status=401 if role == "anonymous" else 404)
        assert phone.http.post("/api/v1/flood/warnings/", {}, format="json").status_code != 201

    def test_the_feed_takes_a_token(self, city: City) -> None:
        city.issue(city.approve(city.receive()))
        answer = Phone("viewer").http.get(f"{LIST}feed/")
        assert answer.status_code == 200 and "atom+xml" in answer["Content-Type"]
        assert "未来六小时" in answer.content.decode()
        assert Phone(None).http.get(f"{LIST}feed/").status_code == 403

    def test_a_draft_is_not_in_the_feed(self, city: City) -> None:
        city.approve(city.receive())
        assert "未来六小时" not in browser(city.office).get(f"{LIST}feed/").content.decode()


def test_the_interface_tells_the_whole_course(city: City) -> None:
    warning = city.issue(city.approve(city.receive()))
    told_of = Phone("viewer").get(f"warnings/{warning.pk}/")
    assert (told_of["issuer"], told_of["colour"], told_of["state"], told_of["expired"]) == (
        city.weather.slug,
        3,
        "issued",
        False,
    )
    assert sorted(told_of["units"]) == sorted([city.drains.slug, city.street.slug])
    assert [row["id"] for row in Phone("viewer").get("warnings/?state=in_force")["results"]] == [warning.pk]
    Phone("viewer").get("warnings/?state=nonsense", status=400)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time there")
def test_two_who_press_at_once_issue_it_once() -> None:
    city = City()
    warning = city.approve(city.receive())

    def press(actor: User) -> str:
        try:
            issue_warning(actor=actor, at=timezone.now(), warning=warning, units=[city.drains])
        except StateConflict as refusal:
            return refusal.message
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, [city.office, city.commander]), key=len)
    assert answers[0] == "done" and "没有重复办理" in answers[1]


def test_the_log_of_the_command_post_tells_its_course(city: City) -> None:
    warning = city.issue(city.approve(city.receive(exercise=True)))
    lift_warning(actor=city.office, at=timezone.now(), warning=warning, reason="降雨已停")
    entries = AuditEntry.objects.filter(action__in=IN_LOG).order_by("sequence")
    assert [line_of(entry).text for entry in entries] == [
        "【演练】收到预警：暴雨黄色预警",
        "【演练】研判预警：暴雨黄色预警",
        "【演练】发布预警：暴雨黄色预警",
        "【演练】解除预警：暴雨黄色预警",
    ]
