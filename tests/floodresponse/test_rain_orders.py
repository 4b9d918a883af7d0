"""Below level IV: a person orders the measures for light or heavy rain, units answer, nobody declares."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from floodresponse.command.journal import IN_LOG, line_of
from floodresponse.models import Measure, RainAction, RainOrder, Response
from floodresponse.services import acknowledge_action, finish_action
from floodresponse.services.deciding import Decision, declare_response
from floodresponse.services.rainorders import end_order, order_measures
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Department, Role, User
from tests.factories import UserFactory
from tests.floodresponse.city import Phone, make_plan
from tests.zalantun.test_cost_of_pages import cost_of

pytestmark = pytest.mark.django_db
LIST = "/flood/rain-orders/"
State = RainAction.State


class City:
    def __init__(self) -> None:
        self.plan = make_plan()
        self.drains = Department.objects.get(name="排水局")
        self.east = Department.objects.get(name="东街街道")
        streets = Department.objects.get(name="街道办事处")
        for order, (situation, summary, units) in enumerate(
            [
                ("light_rain", "盯住低洼点", [streets]),
                ("heavy_rain", "全员到岗", []),
                ("heavy_rain", "疏通雨水口", [self.drains, streets]),
            ],
            start=1,
        ):
            measure = Measure.objects.create(
                plan=self.plan, situation=situation, order=order, summary=summary
            )
            measure.units.set(units)
        self.office: User = UserFactory(username="office", role="duty_officer")
        self.commander: User = UserFactory(username="commander", role="commander")
        self.drainer: User = UserFactory(
            username="drainer", role="department_officer", department=self.drains
        )
        self.street: User = UserFactory(username="street", role="duty_officer", department=self.east)

    def order(self, situation: str = "heavy_rain", actor: User | None = None, **more: Any) -> RainOrder:
        values = {"reason": "预报有强降雨", **more}
        return order_measures(actor=actor or self.office, at=timezone.now(), situation=situation, **values)

    def declare(self, *, exercise: bool = False) -> Response:
        decision = Decision(level=4, reason="现场积水上涨较快，先行启动", authorised_by="林某")
        return declare_response(actor=self.commander, at=timezone.now(), decision=decision, exercise=exercise)


@pytest.fixture
def city() -> City:
    return City()


def actions_of(order: RainOrder) -> set[tuple[str, str]]:
    return {(str(action.unit or "指挥部"), action.text) for action in order.actions.select_related("unit")}


def told(order: RainOrder, tier: str) -> set[str]:
    rows = Message.objects.filter(about=f"rain-order:{order.pk}", dedupe_key__contains=f":{tier}:")
    return {message.recipient.username for message in rows.select_related("recipient") if message.recipient}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestOrdering:
    def test_each_measure_reaches_each_of_its_units(self, city: City) -> None:
        order = city.order()
        assert actions_of(order) == {
            ("指挥部", "全员到岗"),
            ("排水局", "疏通雨水口"),
            ("东街街道", "疏通雨水口"),
            ("西街街道", "疏通雨水口"),
        }
        assert told(order, "ordered") == {"office", "commander", "drainer", "street"}
        assert not Response.objects.exists()
        assert AuditEntry.objects.get(action="rain_order.order").after["actions"] == 4

    def test_light_rain_reaches_only_whom_it_concerns(self, city: City) -> None:
        order = city.order("light_rain")
        assert actions_of(order) == {("东街街道", "盯住低洼点"), ("西街街道", "盯住低洼点")}
        assert "drainer" not in told(order, "ordered")

    def test_heavy_rain_takes_over_from_light(self, city: City) -> None:
        light = city.order("light_rain")
        heavy = city.order()
        light.refresh_from_db()
        assert (light.end_reason, heavy.ended_at) == ("转为大雨措施", None)
        assert {action.state for action in light.actions.all()} == {State.CLOSED}

    def test_the_same_twice_is_one_order_and_a_clear_word(self, city: City) -> None:
        city.order()
        with pytest.raises(StateConflict, match=r"已于 .* 部署大雨措施，没有重复部署"):
            city.order()
        assert RainOrder.objects.count() == 1

    def test_a_response_takes_over(self, city: City) -> None:
        order = city.order()
        done = order.actions.get(unit=city.drains)
        finish_action(
            actor=city.drainer,
            at=timezone.now(),
            action=acknowledge_action(actor=city.drainer, at=timezone.now(), action=done),
        )
        city.declare()
        order.refresh_from_db()
        assert order.end_reason.startswith("已启动应急响应")
        assert sorted(action.state for action in order.actions.all()) == [
            "closed",
            "closed",
            "closed",
            "done",
        ]
        with pytest.raises(StateConflict, match=r"应急响应已于 .* 启动"):
            city.order()

    @pytest.mark.parametrize(("order_is_drill", "response_is_drill"), [(True, False), (False, True)])
    def test_drill_and_reality_do_not_meet(
        self, city: City, order_is_drill: bool, response_is_drill: bool
    ) -> None:
        order = city.order(exercise=order_is_drill)
        city.declare(exercise=response_is_drill)
        order.refresh_from_db()
        assert order.ended_at is None

    def test_a_drill_stays_in_the_command_post(self, city: City, settings: Any) -> None:
        settings.NOTIFY_URLS = ["json://robot.example/"]
        order = city.order(exercise=True)
        messages = Message.objects.filter(about=f"rain-order:{order.pk}")
        assert told(order, "ordered") == {"office", "commander"}
        assert {message.channel for message in messages} == {"inbox"}
        assert all(message.subject.startswith("【演练】") for message in messages)

    @pytest.mark.parametrize(
        ("reason", "taken"), [("下大雨", False), ("要下大雨", True), ("雨" * 300, True), ("雨" * 301, False)]
    )
    def test_the_reason(self, city: City, reason: str, taken: bool) -> None:
        with nullcontext() if taken else pytest.raises(InvalidInput, match="部署理由"):
            city.order(reason=reason)
        assert RainOrder.objects.exists() is taken

    @pytest.mark.parametrize("situation", ["response", "aftermath", "snow"])
    def test_only_rain_is_ordered(self, city: City, situation: str) -> None:
        with pytest.raises(InvalidInput, match="小雨或大雨"):
            city.order(situation)

    def test_a_plan_without_such_measures_orders_nothing(self, city: City) -> None:
        Measure.objects.filter(situation="light_rain").delete()
        with pytest.raises(StateConflict, match="方案里没有小雨措施"):
            city.order("light_rain")
        assert not RainOrder.objects.exists()

    def test_only_office_and_commander_order_and_end(self, city: City) -> None:
        order = city.order(actor=city.commander)
        for actor in (city.street, city.drainer, UserFactory(role="viewer")):
            with pytest.raises(PermissionRefused):
                city.order("light_rain", actor)
            with pytest.raises(PermissionRefused):
                end_order(actor=actor, at=timezone.now(), order=order, reason="雨已停止")
        assert RainOrder.objects.standing().get() == order


class TestAnswering:
    def test_acknowledged_then_done_by_the_unit_with_times(self, city: City) -> None:
        action = city.order().actions.get(unit=city.drains)
        with pytest.raises(StateConflict, match="待签收"):
            finish_action(actor=city.drainer, at=timezone.now(), action=action)
        acknowledge_action(actor=city.drainer, at=timezone.now(), action=action)
        with pytest.raises(StateConflict, match="已签收"):
            acknowledge_action(actor=city.drainer, at=timezone.now(), action=action)
        finish_action(actor=city.drainer, at=timezone.now(), action=action)
        action.refresh_from_db()
        assert (action.state, action.acknowledged_by, action.done_by) == (
            State.DONE,
            city.drainer,
            city.drainer,
        )
        assert action.acknowledged_at and action.done_at and action.acknowledged_at <= action.done_at
        record = AuditEntry.objects.filter(action="flood_action.done").get()
        assert record.object_type == RainAction._meta.label

    def test_not_anothers(self, city: City) -> None:
        action = city.order().actions.get(unit=city.east)
        with pytest.raises(PermissionRefused, match="属于东街街道"):
            acknowledge_action(actor=city.drainer, at=timezone.now(), action=action)
        acknowledge_action(actor=city.office, at=timezone.now(), action=action)

    def test_what_has_ended_is_not_answered(self, city: City) -> None:
        order = city.order()
        action = order.actions.get(unit=city.drains)
        end_order(actor=city.office, at=timezone.now(), order=order, reason="雨已停止")
        with pytest.raises(StateConflict, match="不再适用"):
            acknowledge_action(actor=city.drainer, at=timezone.now(), action=action)
        with pytest.raises(StateConflict, match=r"已由 .* 结束"):
            end_order(actor=city.office, at=timezone.now(), order=order, reason="雨已停止")
        assert told(order, "ended") == {"office", "commander", "drainer", "street"}


class TestThePages:
    def test_ordered_answered_and_ended_in_a_browser(self, city: City) -> None:
        office, drainer = browser(city.office), browser(city.drainer)
        made = office.post(f"{LIST}order/", {"situation": "heavy_rain", "reason": "预报有强降雨"})
        order = RainOrder.objects.get()
        assert made["Location"] == order.get_absolute_url()
        page = drainer.get(order.get_absolute_url()).content.decode()
        assert page.count("签收<span") == 1, "only its own"
        action = order.actions.get(unit=city.drains)
        drainer.post(f"{LIST}actions/{action.pk}/", {"step": "acknowledge"})
        assert "上报落实<span" in drainer.get(order.get_absolute_url()).content.decode()
        drainer.post(f"{LIST}actions/{action.pk}/", {"step": "done"})
        action.refresh_from_db()
        assert action.state == State.DONE
        again = drainer.post(f"{LIST}actions/{action.pk}/", {"step": "done"}, follow=True)
        assert "不能这样办理" in again.content.decode()
        office.post(f"{order.get_absolute_url()}end/", {"reason": "雨已停止"})
        assert "不再适用" in office.get(order.get_absolute_url()).content.decode()

    def test_what_is_refused_stands_in_the_form(self, city: City) -> None:
        office = browser(city.office)
        refused = office.post(f"{LIST}order/", {"situation": "heavy_rain", "reason": "雨"})
        assert refused.status_code == 400 and "4 至 300 字" in refused.content.decode()
        order = city.order()
        refused = office.post(f"{LIST}order/", {"situation": "heavy_rain", "reason": "预报有强降雨"})
        assert refused.status_code == 400 and "没有重复部署" in refused.content.decode()
        refused = office.post(f"{order.get_absolute_url()}end/", {"reason": "停"})
        assert refused.status_code == 400 and "4 至 300 字" in refused.content.decode()

    def test_filters_and_export(self, city: City) -> None:
        light, heavy = city.order("light_rain"), city.order()
        client = browser(city.office)

        def listed(**asked: str) -> list[RainOrder]:
            return list(client.get(LIST, asked).context["page"])

        assert listed() == [heavy, light] and listed(sort="ordered") == [light, heavy]
        assert listed(situation="light_rain") == listed(state="ended") == [light]
        page = client.get(heavy.get_absolute_url(), {"unit": city.drains.slug})
        assert [measure.summary for measure, _ in page.context["measures"]] == ["疏通雨水口"]
        sheet = load_workbook(BytesIO(client.get(f"{heavy.get_absolute_url()}actions.xlsx").content)).active
        assert sheet is not None
        assert [line[1].value for line in sheet.iter_rows(min_row=2)][0] == "指挥部"  # noqa: RUF015

    def test_an_empty_list_says_what_would_fill_it(self, city: City) -> None:
        page = browser(city.office).get(LIST).content.decode()
        assert "部署小雨或大雨措施后列在这里" in page and "疏通雨水口" in page

    def test_pages_cost_the_same_however_long(self, city: City) -> None:
        client, order = browser(city.office), city.order()
        few = [cost_of(page, client) for page in (LIST, order.get_absolute_url())]
        for situation in ("light_rain", "heavy_rain", "light_rain", "heavy_rain"):
            last = city.order(situation)
        assert [cost_of(page, client) for page in (LIST, last.get_absolute_url())] == few
        assert max(few) <= 15


class TestWhoMay:
    @pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
    def test_pages(self, city: City, role: str | None) -> None:
        order = city.order()
        client = Client() if role == "anonymous" else browser(UserFactory(role=role or ""))
        refused = 302 if role == "anonymous" else 403
        staff = refused if role in {"anonymous", None} else 200
        url = order.get_absolute_url()
        wanted = dict.fromkeys((LIST, url, f"{url}actions.xlsx"), staff)
        assert {path: client.get(path).status_code for path in wanted} == wanted
        orders = 400 if role in {"duty_officer", "commander"} else refused
        assert client.post(f"{LIST}order/", {}).status_code == orders
        assert client.post(f"{url}end/", {}).status_code == orders
        answers = {"duty_officer", "commander", "department_officer", "department_head"}
        action = order.actions.get(unit=city.drains)
        answered = client.post(f"{LIST}actions/{action.pk}/", {"step": "acknowledge"})
        assert answered.status_code == (302 if role in answers else refused)
        action.refresh_from_db()
        assert (action.state == State.ACKNOWLEDGED) is (role in {"duty_officer", "commander"})

    @pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
    def test_the_interface(self, city: City, role: str | None) -> None:
        order, phone = city.order(), Phone(role)
        listed = 401 if role == "anonymous" else 403 if role is None else 200
        one = 404 if role is None else listed
        phone.get("rain-orders/", status=listed)
        phone.get(f"rain-orders/{order.pk}/", status=one)
        action = order.actions.get(unit=city.drains)
        may = {"duty_officer": 200, "commander": 200, "anonymous": 401, None: 404}.get(role, 403)
        phone.post(f"rain-actions/{action.pk}/acknowledge/", status=may)
        if may == 200:
            phone.post(f"rain-actions/{action.pk}/acknowledge/", status=409)
            assert phone.post(f"rain-actions/{action.pk}/done/", status=200)["state"] == "done"

    def test_a_unit_answers_its_own_by_the_interface(self, city: City) -> None:
        order, phone = city.order(), Phone("department_officer", city.drains)
        own, others = order.actions.get(unit=city.drains), order.actions.get(unit=city.east)
        assert phone.post(f"rain-actions/{own.pk}/acknowledge/", status=200)["state"] == "acknowledged"
        phone.post(f"rain-actions/{others.pk}/acknowledge/", status=403)
        shown = phone.get(f"rain-orders/{order.pk}/")
        assert {action["unit"] for action in shown["actions"]} >= {None, city.drains.slug}
        assert phone.get("rain-orders/?situation=light_rain")["count"] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time there")
def test_two_who_press_at_once_make_one_order() -> None:
    city = City()

    def press(actor: User) -> str:
        try:
            city.order(actor=actor)
        except StateConflict as refusal:
            return refusal.message
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, [city.office, city.commander]), key=len)
    assert answers[0] == "done" and "没有重复部署" in answers[1]
    assert RainOrder.objects.count() == 1


def test_the_log_of_the_command_post_tells_it(city: City) -> None:
    order = city.order()
    acknowledge_action(actor=city.drainer, at=timezone.now(), action=order.actions.get(unit=city.drains))
    end_order(actor=city.office, at=timezone.now(), order=order, reason="雨已停止")
    lines = [
        line_of(entry).text for entry in AuditEntry.objects.filter(action__in=IN_LOG).order_by("sequence")
    ]
    assert lines[0].startswith("部署：") and "大雨" in lines[0]
    assert lines[1] == "签收：排水局：疏通雨水口"
    assert lines[2].startswith("结束部署：")
