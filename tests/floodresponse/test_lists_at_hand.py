"""Teams, experts, places, shelters, households, drills: read, entered, by sheet; supplies in the browser."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from floodresponse.models import (
    Expert,
    Household,
    RescueTeam,
    Supply,
    SupplyMinimum,
)
from floodresponse.resources.registers import REGISTERS
from floodresponse.services.resources import add_resource, change_resource, remove_resource
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from foundation.workbooks import workbook_of
from tests.factories import UserFactory
from tests.floodresponse.households import house, move, respond
from tests.floodresponse.reporting import City, build_city, minute

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_city()


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def team(city: City, **more: Any) -> RescueTeam:
    values: dict[str, Any] = {"unit": city.street, "name": "抢险一队", "strength": 20, "phone": "5550101"}
    return RescueTeam.objects.create(**values | more)


class TestKeeping:
    def test_adding_and_changing_is_on_record_without_the_whole_number(self, city: City) -> None:
        made = RescueTeam(unit=city.street, name="抢险一队", phone="5550101")
        add_resource(actor=city.street_officer, record=made, at=minute(0))
        values = {"name": "抢险一队", "phone": "5550102"}
        assert change_resource(actor=city.street_officer, record=made, values=values, at=minute(1))
        assert not change_resource(actor=city.street_officer, record=made, values=values, at=minute(2))
        entry = AuditEntry.objects.get(action="rescueteam.change")
        assert (entry.before, entry.after) == ({"phone": "…01"}, {"phone": "…02"})
        assert "5550101" not in str(AuditEntry.objects.get(action="rescueteam.add").after)

    def test_another_unit_neither_takes_nor_gives(self, city: City) -> None:
        made = team(city)
        with pytest.raises(PermissionRefused, match="柳河街道"):
            change_resource(actor=city.bureau_officer, record=made, values={"strength": 1}, at=minute(0))
        with pytest.raises(PermissionRefused, match="水务局"):
            change_resource(
                actor=city.street_officer, record=made, values={"unit": city.bureau}, at=minute(0)
            )
        assert change_resource(actor=city.office, record=made, values={"unit": city.bureau}, at=minute(0))

    def test_what_belongs_to_nobody_is_the_offices(self, city: City) -> None:
        with pytest.raises(PermissionRefused, match="防涝办"):
            add_resource(actor=city.street_officer, record=Expert(name="林工"), at=minute(0))
        add_resource(actor=city.office, record=Expert(name="林工"), at=minute(0))

    def test_the_same_twice_is_one_sentence(self, city: City) -> None:
        team(city)
        with pytest.raises(StateConflict, match="已经登记"):
            add_resource(
                actor=city.office, record=RescueTeam(unit=city.street, name="抢险一队"), at=minute(0)
            )

    def test_removing_needs_a_reason_and_leaves_what_others_rest_on(self, city: City) -> None:
        made = team(city)
        with pytest.raises(InvalidInput, match="理由"):
            remove_resource(actor=city.office, record=made, reason="", at=minute(0))
        remove_resource(actor=city.office, record=made, reason="已解散", at=minute(0))
        with pytest.raises(StateConflict, match="已经删除"):
            remove_resource(actor=city.office, record=made, reason="已解散", at=minute(0))
        household = house(city)
        running = respond(city)
        move(city, household, running)
        with pytest.raises(StateConflict, match="记录引用"):
            remove_resource(actor=city.office, record=household, reason="搬走", at=minute(0))
        assert Household.objects.filter(pk=household.pk).exists()

    def test_a_household_is_not_told_to_the_readers_of_the_log(self, city: City) -> None:
        made = Household(street=city.street, head="林甲", address="柳巷 1 号", people=3, phone="5550109")
        add_resource(actor=city.street_officer, record=made, at=minute(0))
        entry = AuditEntry.objects.get(action="household.add")
        assert not any(word in f"{entry.after}{entry.object_label}" for word in ("林甲", "柳巷", "5550109"))


class TestLists:
    @pytest.mark.parametrize("key", REGISTERS)
    def test_each_opens_empty_and_says_what_fills_it(self, city: City, key: str) -> None:
        page = browser(city.office).get(f"/flood/resources/{key}/").content.decode()
        assert ("原文未附" in page) is not REGISTERS[key].printed
        assert "登记" in page

    @pytest.mark.parametrize("key", REGISTERS)
    def test_each_has_a_form_a_sheet_and_an_export(self, city: City, key: str) -> None:
        client = browser(city.office)
        for page in ("new/", "import/", "list.xlsx"):
            assert client.get(f"/flood/resources/{key}/{page}").status_code == 200, page

    def test_found_sorted_and_paged(self, city: City) -> None:
        for n in range(60):
            team(city, name=f"{n:02}队", strength=n)
        team(city, unit=city.bureau, name="泵车队", strength=None, skills="大流量排水")
        client, address = browser(city.office), "/flood/resources/teams/"
        first = client.get(f"{address}?sort=-strength").context["page"]
        assert (first.paginator.count, first[0].strength) == (61, 59)
        assert client.get(f"{address}?sort=-strength&page=2").context["page"][-1].strength is None
        assert [row.name for row in client.get(f"{address}?q=排水").context["page"]] == ["泵车队"]
        assert client.get(f"{address}?owner=shuiwu").context["page"].paginator.count == 1
        assert client.get(f"{address}?owner=nowhere&sort=x").status_code == 200

    def test_numbers_to_tap_and_blanks_named(self, city: City) -> None:
        team(city)
        page = browser(city.office).get("/flood/resources/teams/").content.decode()
        assert 'href="tel:5550101"' in page
        assert "未登记" in page

    def test_entered_and_changed_in_the_browser(self, city: City) -> None:
        client, address = browser(city.street_officer), "/flood/resources/teams/"
        sent = {"name": "抢险一队", "unit": city.street.pk, "strength": "20"}
        assert client.post(f"{address}new/", sent).status_code == 302
        made = RescueTeam.objects.get()
        sent |= {"seen": client.get(f"{address}{made.pk}/").context["form"]["seen"].value()}
        assert client.post(f"{address}{made.pk}/", {**sent, "strength": "-1"}).status_code == 400
        assert client.post(f"{address}{made.pk}/", {**sent, "strength": "25"}).status_code == 302
        made.refresh_from_db()
        assert made.strength == 25
        client.post(f"{address}{made.pk}/remove/", {"reason": "已解散"})
        assert not RescueTeam.objects.exists()

    def test_an_old_page_does_not_undo_anothers_correction(self, city: City) -> None:
        made = team(city)
        client, address = browser(city.street_officer), f"/flood/resources/teams/{made.pk}/"
        shown = client.get(address).context["form"]
        sent = {field.html_name: field.value() or "" for field in shown}
        RescueTeam.objects.filter(pk=made.pk).update(phone="5550199")
        refused = client.post(address, {**sent, "strength": "25"})
        page = refused.content.decode()
        assert refused.status_code == 400
        assert "他人已修改" in page and "电话“5550199”" in page and 'value="25"' in page
        made.refresh_from_db()
        assert (made.strength, made.phone) == (20, "5550199")
        again = {field.html_name: field.value() or "" for field in refused.context["form"]}
        assert client.post(address, {**again, "phone": "5550199"}).status_code == 302
        made.refresh_from_db()
        assert (made.strength, made.phone) == (25, "5550199")

    @pytest.mark.parametrize("seen", [None, "", "0" * 32])
    def test_a_page_without_a_true_mark_counts_as_old(self, city: City, seen: str | None) -> None:
        made = team(city)
        sent = {"name": "改名", "unit": city.street.pk} | ({} if seen is None else {"seen": seen})
        refused = browser(city.street_officer).post(f"/flood/resources/teams/{made.pk}/", sent)
        assert refused.status_code == 400 and "他人已修改" in refused.content.decode()
        made.refresh_from_db()
        assert made.name == "抢险一队"

    def test_a_unit_chooses_only_itself(self, city: City) -> None:
        form = browser(city.street_officer).get("/flood/resources/teams/new/").context["form"]
        assert list(form.fields["unit"].queryset) == [city.street]

    def test_nothing_is_a_word_and_the_only_unit_is_chosen(self, city: City) -> None:
        form = browser(city.street_officer).get("/flood/resources/places/new/").context["form"]
        labels = {name: dict(form.fields[name].choices).get("") for name in ("kind", "street", "unit")}
        assert labels == {"kind": "请选择", "street": "未定", "unit": "未定"}
        assert form.initial["street"] == form.initial["unit"] == city.street
        assert (
            browser(city.office).get("/flood/resources/places/new/").context["form"]["unit"].value() is None
        )
        assert form.fields["phone"].widget.attrs["inputmode"] == "tel"

    def test_the_same_twice_says_where_to_go(self, city: City) -> None:
        team(city)
        sent = {"name": "抢险一队", "unit": city.street.pk}
        answer = browser(city.street_officer).post("/flood/resources/teams/new/", sent)
        assert (answer.status_code, RescueTeam.objects.count()) == (400, 1)
        assert "同样的抢险队伍已经登记，请在清单中找到原来那条修改。" in answer.content.decode()

    def test_what_has_to_be_filled_in_says_so(self, city: City) -> None:
        page = browser(city.office).get("/flood/resources/teams/new/")
        must = [field for field in page.context["form"].fields.values() if field.required]
        assert page.content.decode().count("必填") == len(must) == 2

    def test_somebody_elses_is_not_changed(self, city: City) -> None:
        made = team(city)
        sent = {"name": "改名", "unit": city.bureau.pk}
        client, address = browser(city.bureau_officer), f"/flood/resources/teams/{made.pk}/"
        assert client.post(address, sent).status_code == 403
        refused = client.get(address)
        assert refused.status_code == 403
        assert "柳河街道的抢险队伍由该单位或防涝办登记" in refused.content.decode()
        made.refresh_from_db()
        assert made.name == "抢险一队"

    def test_few_queries(self, city: City) -> None:
        client = browser(city.office)
        for n in range(20):
            team(city, name=f"{n:02}队")
        client.get("/flood/resources/teams/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/flood/resources/teams/")
        assert len(queries) <= 15


class TestSheets:
    def hand_in(self, city: City, key: str, *rows: tuple[Any, ...], user: Any = None) -> Any:
        header = [column.label for column in REGISTERS[key].columns]
        file = SimpleUploadedFile("表.xlsx", workbook_of("表", header, rows))
        return browser(user or city.office).post(
            f"/flood/resources/{key}/import/", {"file": file}, follow=True
        )

    def test_new_lines_are_added_and_known_ones_changed(self, city: City) -> None:
        made = team(city)
        answer = self.hand_in(
            city,
            "teams",
            ("抢险一队", "柳河街道", Decimal(30), "", "5550101", "", ""),
            ("抢险二队", "水务局", "", "", "", "", ""),
        )
        assert "新增 1 条，修改 1 条" in answer.content.decode()
        made.refresh_from_db()
        assert made.strength == 30
        assert RescueTeam.objects.get(name="抢险二队").strength is None

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (("三队", "无此单位", "", "", "", "", ""), "第 3 行单位：“无此单位”不在可选范围内"),
            (("三队", "水务局", "许多", "", "", "", ""), "第 3 行人数"),
            (("二队", "水务局", "", "", "", "", ""), "第 3 行与前面的行重复"),
            (("", "水务局", "", "", "", "", ""), "第 3 行队伍"),
        ],
    )
    def test_all_or_nothing_with_the_line_named(
        self, city: City, row: tuple[Any, ...], sentence: str
    ) -> None:
        answer = self.hand_in(city, "teams", ("二队", "水务局", "", "", "", "", ""), row)
        assert answer.status_code == 400
        assert sentence in answer.content.decode()
        assert not RescueTeam.objects.exists()

    def test_words_of_choices_and_days(self, city: City) -> None:
        level = "Ⅲ级（黄色）"
        row = ("桌面推演", date(2023, 6, 1), "柳河街道", level, Decimal(30), "指挥部", "顺利", "", "")
        self.hand_in(city, "drills", row)
        drill = city.street.flood_drills.get()
        assert (drill.level, drill.held_on, drill.people) == (3, date(2023, 6, 1), 30)

    @pytest.mark.parametrize("key", ["teams", "households"])
    def test_an_export_comes_back_without_a_change(self, city: City, key: str) -> None:
        team(city)
        house(city)
        table = browser(city.office).get(f"/flood/resources/{key}/list.xlsx").content
        file = SimpleUploadedFile("表.xlsx", table)
        answer = browser(city.office).post(f"/flood/resources/{key}/import/", {"file": file}, follow=True)
        assert "新增 0 条，修改 0 条" in answer.content.decode()


class TestSuppliesInTheBrowser:
    def stock(self, city: City) -> Supply:
        sent = {"unit": city.street.pk, "name": "沙袋", "measure": "只", "quantity": "100", "place": "河东库"}
        assert browser(city.street_officer).post("/flood/supplies/new/", sent).status_code == 302
        return Supply.objects.get(name="沙袋", unit=city.street)

    def test_entered_moved_and_handed_over(self, city: City) -> None:
        supply = self.stock(city)
        client, address = browser(city.street_officer), supply.get_absolute_url()
        client.post(address, {"step": "move", "kind": "out", "quantity": "30", "reason": "封堵"})
        refused = client.post(address, {"step": "move", "kind": "out", "quantity": "71", "reason": "封堵"})
        assert refused.status_code == 400
        assert "结存只有 70 只" in refused.content.decode()
        client.post(
            address,
            {"step": "transfer", "unit": city.bureau.pk, "place": "", "quantity": "20", "reason": "支援"},
        )
        client.post(address, {"step": "keeper", "keeper": "林乙", "phone": "5550103"})
        supply.refresh_from_db()
        assert (supply.quantity, supply.keeper) == (Decimal(50), "林乙")
        assert "支援" in client.get(address).content.decode()

    def test_what_is_short_is_found(self, city: City) -> None:
        self.stock(city)
        SupplyMinimum.objects.create(unit=city.street, name="沙袋", level=4, quantity=150)
        client = browser(city.office)
        assert "不足" in client.get("/flood/supplies/?short=1").content.decode()
        SupplyMinimum.objects.update(quantity=100)
        assert client.get("/flood/supplies/?short=1").context["page"].paginator.count == 0
        for query in ("q=沙袋", "unit=liuhe", "sort=-quantity", "unit=nowhere", "sort=x"):
            assert client.get(f"/flood/supplies/?{query}").status_code == 200
        assert client.get("/flood/supplies/supplies.xlsx").status_code == 200

    def hand_in(self, city: City, *rows: tuple[Any, ...], user: Any = None) -> Any:
        header = ("单位", "物资", "存放地点", "数量", "计量单位", "保管人", "电话")
        file = SimpleUploadedFile("物资.xlsx", workbook_of("物资", header, rows))
        return browser(user or city.office).post("/flood/supplies/import/", {"file": file}, follow=True)

    def test_a_sheet_opens_and_puts_right(self, city: City) -> None:
        supply = self.stock(city)
        answer = self.hand_in(
            city,
            ("柳河街道", "沙袋", "河东库", Decimal(88), "只", "林乙", "5550103"),
            ("水务局", "水泵", "", Decimal("2"), "台", "", ""),
        )
        assert "新增 1 处，盘点更正 1 处" in answer.content.decode()
        supply.refresh_from_db()
        assert (supply.quantity, supply.keeper) == (Decimal(88), "林乙")
        assert supply.moves.latest("pk").kind == "counted"

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (("无此局", "沙袋", "", "1", "只", "", ""), "第 3 行的单位“无此局”"),
            (("柳河街道", "沙袋", "", "-1", "只", "", ""), "第 3 行的数量“-1”"),
            (("柳河街道", "", "", "1", "只", "", ""), "第 3 行没有写物资"),
            (("柳河街道", "水泵", "", "1", "台", "", ""), "第 3 行与前面的行重复"),
            (("柳河街道", "沙袋", "河东库", "1", "箱", "", ""), "计量"),
        ],
    )
    def test_a_sheet_is_all_or_nothing(self, city: City, row: tuple[str, ...], sentence: str) -> None:
        self.stock(city)
        answer = self.hand_in(city, ("柳河街道", "水泵", "", "3", "台", "", ""), row)
        assert answer.status_code == 400
        assert sentence in answer.content.decode()
        assert Supply.objects.count() == 1

    def test_an_exported_sheet_changes_nothing(self, city: City) -> None:
        supply = self.stock(city)
        client = browser(city.street_officer)
        table = client.get("/flood/supplies/supplies.xlsx").content
        answer = client.post(
            "/flood/supplies/import/", {"file": SimpleUploadedFile("物资.xlsx", table)}, follow=True
        )
        assert "新增 0 处，盘点更正 0 处" in answer.content.decode()
        assert supply.moves.count() == 1

    def test_another_units_stock_is_only_read(self, city: City) -> None:
        address = self.stock(city).get_absolute_url()
        client = browser(city.bureau_officer)
        assert "记录</button>" not in client.get(address).content.decode()
        sent = {"step": "move", "kind": "out", "quantity": "1", "reason": "某"}
        assert client.post(address, sent).status_code == 403


@pytest.mark.parametrize(
    ("path", "visitor", "stranger", "viewer", "unit"),
    [
        ("supplies/", 302, 403, 200, 200),
        ("supplies/new/", 302, 403, 403, 200),
        ("supplies/import/", 302, 403, 403, 200),
        ("supplies/999999/", 302, 403, 404, 404),
        ("households/", 302, 403, 403, 200),
        ("resources/teams/", 302, 403, 200, 200),
        ("resources/teams/new/", 302, 403, 403, 200),
        ("resources/teams/import/", 302, 403, 403, 200),
        ("resources/teams/list.xlsx", 302, 403, 200, 200),
        ("resources/households/", 302, 403, 403, 200),
        ("resources/nothing/", 302, 403, 404, 404),
        ("resources/teams/999999/", 302, 403, 403, 404),
    ],
)
def test_who_may(city: City, path: str, visitor: int, stranger: int, viewer: int, unit: int) -> None:
    people = [Client(), browser(UserFactory(role="")), browser(UserFactory(role="viewer"))]
    people.append(browser(city.street_officer))
    statuses = [one.get(f"/flood/{path}").status_code for one in people]
    assert statuses == [visitor, stranger, viewer, unit]
