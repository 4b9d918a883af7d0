"""Calling out (叫应) from the command screen: dialled there, registered in one press, with by whom."""

import pytest
from django.test import Client

from floodresponse.models import CallOut, Obligation, UnitAction
from organizations.models import Department
from tests.accounts import browser_of, person
from tests.factories import UserFactory
from tests.floodresponse.city import department, make_plan
from tests.floodresponse.commandpost import board_of, declared, happened, on_duty, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed() -> Obligation:
    make_plan()
    Department.objects.filter(name="东街街道").update(office_phone="5550111")
    return next(one for one in happened(30) if one.kind == "phone")


def press(client: Client, address: str, answered: str = "0") -> str:
    response = client.post(address, {"answered": answered, "back": "board"})
    assert response.status_code == 302
    return str(response["Location"])


def test_who_has_not_reported_is_called_and_registered_on_the_screen(owed: Obligation) -> None:
    text = page()
    assert 'href="tel:5550111"' in text and "未叫应" in text
    address = f"/flood/obligations/{owed.pk}/call/"
    assert f'formaction="{address}"' in text
    client = browser_of("commander")
    assert press(client, address) == "/flood/#owed-title"
    assert press(client, address, "1") == "/flood/#owed-title"
    made = CallOut.objects.order_by("pk").last()
    assert made and (made.answered, made.number, made.obligation_id) == (True, "5550111", owed.pk)
    row = next(one for one in board_of().owed.rows if one.obligation.pk == owed.pk)
    assert row.called == "已接" and row.obligation.times_called == 2
    text = page()
    assert "a-commander 登记" in text or "登记</small>" in text
    assert "叫应东街街道" in text and "未接" in text


def test_a_unit_that_has_not_answered_an_order_is_called_there_too() -> None:
    make_plan()
    declared(3)
    action = UnitAction.objects.filter(state="open", unit__name="东街街道").order_by("pk")[0]
    address = f"/flood/mine/actions/{action.pk}/calls/"
    assert f'formaction="{address}"' in page()
    assert press(browser_of("commander"), address) == "/flood/#actions-title"
    unit = next(one for one in board_of().actions.streets if one.name == "东街")
    assert unit.called.endswith("未接") and unit.called in page()
    assert board_of().log[0].text == "叫应东街街道，未接"


def test_the_command_post_does_not_call_itself() -> None:
    make_plan()
    declared(3)
    own = UnitAction.objects.filter(state="open", unit=None)[0]
    for text in (page(), browser_of("commander").get("/flood/mine/").content.decode()):
        assert f"/flood/mine/actions/{own.pk}/calls/" not in text
    assert all(one.unit for one in board_of().actions.to_call)
    assert len(board_of().actions.unanswered) == len(board_of().actions.to_call) + 1


def test_who_is_on_duty_is_called_about_an_order_and_by_whom_is_told() -> None:
    make_plan()
    declared(3)
    unit = department("东街街道")
    on_duty(unit, "555 0101")
    action = UnitAction.objects.filter(state="open", unit=unit).order_by("pk")[0]
    press(browser_of("commander"), f"/flood/mine/actions/{action.pk}/calls/")
    text = page()
    assert 'href="tel:5550101"' in text
    assert f"，{person('commander')} 登记" in text
    call = CallOut.objects.get(action=action)
    assert (call.called, call.number, call.called_by) == (
        "东街街道 值班 林甲",
        "555 0101",
        person("commander"),
    )


def test_the_pages_of_what_is_owed_name_the_number_on_duty(owed: Obligation) -> None:
    on_duty(owed.unit, "5550102")
    client = browser_of("commander")
    assert owed.incident is not None
    for address in (
        "/flood/obligations/",
        f"/flood/obligations/{owed.pk}/",
        owed.incident.get_absolute_url(),
    ):
        text = client.get(address).content.decode()
        assert 'href="tel:5550102"' in text, address
        assert 'href="tel:5550111"' not in text, address
    form = client.get(f"/flood/obligations/{owed.pk}/").context["forms"]["call"]
    assert form.initial == {"called": "东街街道 值班 林甲", "number": "5550102"}


def test_the_list_registers_calls_and_comes_back_to_what_was_asked_for(owed: Obligation) -> None:
    client = browser_of("commander")
    asked = "/flood/obligations/?kind=phone&state=overdue"
    text = client.get(asked).content.decode()
    assert "未叫应" in text and f'formaction="/flood/obligations/{owed.pk}/call/"' in text
    sent = {"answered": "0", "back": "list", "query": "kind=phone&state=overdue\r\nX: y"}
    answer = client.post(f"/flood/obligations/{owed.pk}/call/", sent)
    assert answer["Location"].startswith("/flood/obligations/?kind=phone&state=overdue")
    assert answer["Location"].endswith(f"#owed-{owed.pk}")
    text = client.get(asked).content.decode()
    assert "未接，1 次" in text and f"，{person('commander')} 登记" in text


def test_a_unit_reads_its_list_without_buttons(owed: Obligation) -> None:
    client = Client()
    client.force_login(UserFactory(username="east", role="duty_officer", department=owed.unit))
    text = client.get("/flood/obligations/").content.decode()
    assert owed.basis in text
    assert "call-out" not in text and "未叫应" not in text


def test_a_drill_comes_back_to_its_screen() -> None:
    make_plan()
    declared(3, exercise=True)
    owed = next(one for one in happened(30, exercise=True) if one.kind == "phone")
    where = press(browser_of("commander"), f"/flood/obligations/{owed.pk}/call/")
    assert where == "/flood/?exercise=1#owed-title"


def test_a_street_sees_no_buttons_and_registers_no_call(owed: Obligation) -> None:
    client = Client()
    client.force_login(UserFactory(username="east", role="duty_officer", department=department("东街街道")))
    assert "call-out" not in client.get("/flood/").content.decode()
    press(client, f"/flood/obligations/{owed.pk}/call/")
    assert not CallOut.objects.exists()
    assert client.get(f"/flood/obligations/{owed.pk}/call/").status_code == 405


def test_what_is_far_from_its_limit_has_no_buttons_until_somebody_was_called() -> None:
    make_plan()
    far = next(one for one in happened(1) if one.kind == "written")
    client, address = browser_of("commander"), f"/flood/obligations/{far.pk}/call/"
    assert address not in client.get("/flood/obligations/").text
    press(client, address)
    text = client.get("/flood/obligations/").text
    assert address in text and "未登记电话" in text


def test_switching_flood_watch_says_what_it_does() -> None:
    client = browser_of("commander")
    on = client.post("/flood/watch/", {"on": "1"}, follow=True).content.decode()
    assert "已开启汛期值守，每日零报告和气象报告开始计时" in on
    assert "已结束汛期值守" in client.post("/flood/watch/", {"on": "0"}, follow=True).content.decode()


@pytest.mark.parametrize(("severity", "told"), [("serious", "新增 2 项报告要求"), ("ordinary", "已更新。")])
def test_a_changed_grade_says_how_much_it_adds(owed: Obligation, severity: str, told: str) -> None:
    assert owed.incident is not None
    sent = {"grade-severity": severity, "grade-reason": ""}
    address = f"{owed.incident.get_absolute_url()}grade/"
    assert told in browser_of("commander").post(address, sent, follow=True).content.decode()
