"""Pages of readings and stations: found, handed in by hand and by table, corrected, exported."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from floodresponse.gauges.dayplot import depth_plot, hourly, rain_plot
from floodresponse.gauges.rows import arrival_of
from floodresponse.gauges.sheets import lines_of_csv, moment_of, read_lines
from floodresponse.models import Reading, ReadingBatch, ReadingRevision, Station
from floodresponse.services import record_readings
from foundation.errors import InvalidInput
from foundation.models import AuditEntry
from organizations.models import Role
from tests.accounts import browser_of, person, reads_of_the_page
from tests.floodresponse.city import gauge, low_spot, make_plan, row
from tests.zalantun.test_cost_of_pages import cost_of

ZONE = timezone.get_default_timezone()
NEW, IMPORT, LIST = "/flood/readings/new/", "/flood/readings/import/", "/flood/readings/"
OFFICERS = {"duty_officer", "commander"}


@pytest.fixture
def officer(db: None) -> Client:
    return browser_of("duty_officer")


def taken(station: Station, value: Any, *, ago: timedelta = timedelta(minutes=1)) -> Reading:
    now = timezone.now()
    record_readings(actor=None, at=now, rows=[row(station, now - ago, value)])
    return Reading.objects.latest("pk")


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestByHand:
    def sent(self, place: Station, **values: Any) -> dict[str, Any]:
        unit = {"rain": "mm", "ponding": "cm"}[place.kind]
        opened = timezone.now().timestamp()
        return {
            "station": place.pk,
            "value": "3.5",
            "unit": unit,
            "when": "now",
            "opened_at": opened,
            **values,
        }

    def test_one_reading_and_the_form_stays_at_its_station(self, officer: Client) -> None:
        station = gauge()
        response = officer.post(NEW, self.sent(station, when="10"), follow=True)
        reading = Reading.objects.get()
        assert (reading.value, reading.batch.source) == (Decimal("3.5"), "hand")
        assert abs(timezone.now() - timedelta(minutes=10) - reading.observed_at) < timedelta(minutes=1)
        assert reading.observed_at.second == 0
        assert "已记录：雨量R1" in text_of(response) and "3.5 mm" in text_of(response)
        assert response.context["form"]["station"].value() == station.pk

    def test_two_presses_are_one_reading(self, officer: Client) -> None:
        sent = self.sent(gauge())
        officer.post(NEW, sent), officer.post(NEW, sent)
        assert (Reading.objects.count(), ReadingBatch.objects.count()) == (1, 1)

    def test_another_value_for_the_same_moment_is_no_silent_correction(self, officer: Client) -> None:
        station = gauge()
        moment = timezone.localtime() - timedelta(hours=1)
        other = {"when": "other", "observed_at": f"{moment:%Y-%m-%dT%H:%M}"}
        officer.post(NEW, self.sent(station, **other))
        refused = officer.post(NEW, self.sent(station, value="9", **other))
        assert refused.status_code == 400 and "已有数值 3.5 mm，没有覆盖" in text_of(refused)
        assert 'value="9"' in refused.content.decode(), "what was typed stays"
        assert (Reading.objects.get().value, ReadingRevision.objects.count()) == (Decimal("3.5"), 0)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"unit": "cm"}, "雨量以 mm 报送"),
            ({"value": "-1"}, "负数"),
            ({"value": "500.1"}, "上限为 500 mm"),
            ({"value": "多"}, "不是可读的数"),
            ({"when": "other"}, "请填写观测时间"),
            ({"when": "other", "observed_at": "2099-01-01T00:00"}, "在未来，请核对该站时钟"),
            ({"station": ""}, "必填"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(
        self, officer: Client, change: dict[str, Any], words: str
    ) -> None:
        refused = officer.post(NEW, self.sent(gauge(), **change))
        assert refused.status_code == 400
        assert words in text_of(refused)
        assert not Reading.objects.exists()

    @pytest.mark.parametrize(("unit", "status"), [("mm", 400), ("cm", 302)])
    def test_a_point_reports_centimetres(self, officer: Client, unit: str, status: int) -> None:
        assert officer.post(NEW, self.sent(low_spot(), unit=unit)).status_code == status

    def test_a_station_out_of_use_is_not_offered(self, officer: Client) -> None:
        station = gauge(is_active=False)
        assert officer.post(NEW, self.sent(station)).status_code == 400


class TestCorrection:
    def test_with_a_reason_and_history(self, officer: Client) -> None:
        reading = taken(gauge(), "5.5")
        page = f"{LIST}{reading.pk}/"
        sent = {"value": "2", "reason": "现场复核", "seen": "5.5"}
        shown = text_of(officer.post(page, sent, follow=True))
        assert "5.5 mm" in shown and "现场复核" in shown and "没有更正过" not in shown
        reading.refresh_from_db()
        assert (reading.value, reading.batch.source, reading.batch.reason) == (Decimal(2), "hand", "现场复核")
        assert ReadingRevision.objects.get().value == Decimal("5.5")
        assert AuditEntry.objects.latest("sequence").reason == "现场复核"

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"reason": "误报了"}, "4 至 200 字"),
            ({"reason": "    "}, "必填"),
            ({"value": "5.50"}, "与现在的数值相同"),
            ({"value": "501"}, "上限为 500 mm"),
            ({"seen": "5"}, "页面打开之后，这条数据已更正为 5.5"),
        ],
    )
    def test_refused_with_a_sentence(self, officer: Client, change: dict[str, str], words: str) -> None:
        reading = taken(gauge(), "5.5")
        sent = {"value": "2", "reason": "现场复核", "seen": "5.5", **change}
        refused = officer.post(f"{LIST}{reading.pk}/", sent)
        assert refused.status_code == 400 and words in text_of(refused)
        assert not ReadingRevision.objects.exists()


def upload(client: Client, content: bytes, name: str = "雨量.csv") -> Any:
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})


def table(*lines: str) -> bytes:
    return "\n".join(["站号,观测时间,数值,单位", *lines]).encode()


class TestByTable:
    def test_looked_at_first_then_written(self, officer: Client) -> None:
        gauge("R1"), low_spot("P1")
        preview = upload(officer, table("R1,2023-07-08 15:00,1.5,mm", "P1,2023/7/8 15:00,20,厘米"))
        assert not Reading.objects.exists(), "nothing before it is confirmed"
        assert (preview.context["good"], preview.context["bad"]) == (2, 0)
        done = officer.post(f"{IMPORT}confirm/", {"payload": preview.context["payload"]}, follow=True)
        assert "已写入 2 条" in text_of(done)
        moments = {
            f"{reading.observed_at.astimezone(ZONE):%Y-%m-%d %H:%M}" for reading in Reading.objects.all()
        }
        assert moments == {"2023-07-08 15:00"}
        batch = ReadingBatch.objects.get()
        assert (batch.source, batch.file_name, batch.received_by) == (
            "sheet",
            "雨量.csv",
            person("duty_officer"),
        )

    def test_every_wrong_line_is_named_and_the_others_can_be_written(self, officer: Client) -> None:
        gauge("R1"), gauge("R8", is_active=False)
        preview = upload(
            officer,
            table(
                "R1,2023-07-08 15:00,1.5,mm",
                "R1,2023-07-08 15:05,-1,mm",
                "R1,2023-07-08 15:10,1,cm",
                "R1,2023-07-08,1,mm",
                "R1,2099-07-08 15:00,1,mm",
                "R9,2023-07-08 15:00,1,mm",
                "R8,2023-07-08 15:00,1,mm",
                "R1,2023-07-08 15:15,,mm",
                ",,,",
                "R1,2023-07-08 15:00,2,mm",
            ),
        )
        found = {line.line: outcome.error for line, outcome in preview.context["judged"]}
        assert {line: error for line, error in found.items() if not error} == {2: ""}
        for line, words in {
            3: "负数", 4: "雨量以 mm 报送", 5: "应写到分", 6: "在未来", 7: "未登记", 8: "已停用",
            9: "数值没有填写", 11: "两个不同的数值",
        }.items():  # fmt: skip
            assert words in found[line], line
        assert "第 11 行" in text_of(preview)
        officer.post(f"{IMPORT}confirm/", {"payload": preview.context["payload"]})
        assert Reading.objects.get().value == Decimal("1.5")

    def test_known_lines_change_nothing_and_corrections_need_a_reason(self, officer: Client) -> None:
        gauge("R1")
        first = table("R1,2023-07-08 15:00,1.5,mm")
        officer.post(f"{IMPORT}confirm/", {"payload": upload(officer, first).context["payload"]})
        preview = upload(officer, table("R1,2023-07-08 15:00,1.50,mm"))
        assert (preview.context["good"], preview.context["known"]) == (0, 1)
        preview = upload(officer, table("R1,2023-07-08 15:00,4,mm"))
        assert preview.context["corrections"] == 1
        payload = {"payload": preview.context["payload"]}
        assert "更正理由" in text_of(officer.post(f"{IMPORT}confirm/", payload, follow=True))
        assert Reading.objects.get().value == Decimal("1.5")
        officer.post(f"{IMPORT}confirm/", {**payload, "reason": "校核记录"})
        assert Reading.objects.get().value == 4
        assert ReadingRevision.objects.get().batch.reason == "校核记录"

    def test_a_workbook_keeps_the_time_of_day(self, officer: Client) -> None:
        gauge("R1")
        book = Workbook()
        assert book.active is not None
        book.active.append(["站号", "观测时间", "数值", "单位"])
        book.active.append(["R1", datetime.fromisoformat("2023-07-08 15:04"), 1.5, "mm"])
        out = BytesIO()
        book.save(out)
        preview = upload(officer, out.getvalue(), "雨量.xlsx")
        officer.post(f"{IMPORT}confirm/", {"payload": preview.context["payload"]})
        assert f"{Reading.objects.get().observed_at.astimezone(ZONE):%H:%M}" == "15:04"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_a_table_from_an_office_program(self, officer: Client, encoding: str) -> None:
        gauge("R1")
        content = "站号,观测时间,雨量（mm）\r\nR1,2023/7/8 15:04,1\r\n".encode(encoding)
        preview = upload(officer, content)
        assert (preview.status_code, preview.context["good"]) == (200, 1)

    def test_the_template_comes_back_filled_in(self, officer: Client) -> None:
        gauge("R1"), low_spot("P1"), gauge("R8", is_active=False)
        sheet = load_workbook(BytesIO(officer.get(f"{IMPORT}template.xlsx").content)).active
        assert sheet is not None
        assert [[cell.value for cell in line][::3] for line in sheet.iter_rows(min_row=2)] == [
            ["R1", "mm"],
            ["P1", "cm"],
        ]

    def test_a_table_of_the_most_lines_is_confirmed_whole(self, officer: Client) -> None:
        stations = [gauge(f"R{n}") for n in range(10)]
        begins = datetime.fromisoformat("2023-07-08T00:00:00")
        moments = [f"{begins + timedelta(minutes=n):%Y-%m-%d %H:%M}" for n in range(500)]
        lines = [f"{station.code},{moment},0.1,mm" for station in stations for moment in moments]
        preview = upload(officer, table(*lines))
        assert (len(preview.context["judged"]), preview.context["left_out"]) == (300, 4700)
        officer.post(f"{IMPORT}confirm/", {"payload": preview.context["payload"]})
        assert Reading.objects.count() == 5000

    @pytest.mark.parametrize("change", ["altered", "of another person", "too old"])
    def test_only_what_was_shown_is_written(self, officer: Client, change: str, monkeypatch: Any) -> None:
        gauge("R1")
        payload = upload(officer, table("R1,2023-07-08 15:00,1.5,mm")).context["payload"]
        client = browser_of("commander") if change == "of another person" else officer
        if change == "too old":
            monkeypatch.setattr("floodresponse.gauges.entryviews.MAX_AGE_SECONDS", -1)
        payload = f"{payload}x" if change == "altered" else payload
        done = client.post(f"{IMPORT}confirm/", {"payload": payload}, follow=True)
        assert "没有写入任何内容" in text_of(done)
        assert not Reading.objects.exists()

    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (b"", "a.csv", "空"),
            (b"x,y\n1,2", "a.csv", "第一行缺少表头"),
            ("站号,观测时间,数值\n".encode(), "a.csv", "没有数据行"),
            (b"%PDF-1.7\n%%EOF", "a.pdf", "CSV 或 Excel"),
        ],
    )
    def test_no_table_is_a_sentence(self, officer: Client, content: bytes, name: str, words: str) -> None:
        refused = upload(officer, content, name)
        assert refused.status_code == 400 and words in text_of(refused)


class TestReadingTheTable:
    def test_chinese_office_programs_write_another_encoding(self) -> None:
        text = "站号,观测时间,雨量（mm）\nR1,2023/7/8 15:04,1\n"
        for encoding in ("utf-8", "utf-8-sig", "gb18030"):
            lines = read_lines(lines_of_csv(text.encode(encoding)), {"R1": "rain"}, ZONE)
            assert lines[0].row is not None and lines[0].row["observed_at"] == "2023-07-08T15:04:00+08:00"

    @pytest.mark.parametrize(("count", "taken"), [(5000, True), (5001, False)])
    def test_the_most_lines(self, count: int, taken: bool) -> None:
        lines = [["站号", "观测时间", "数值"], *([["R1", "2023-07-08 15:00", "1"]] * count)]
        if taken:
            assert len(read_lines(lines, {"R1": "rain"}, ZONE)) == count
        else:
            with pytest.raises(InvalidInput, match="一次最多 5000 行"):
                read_lines(lines, {"R1": "rain"}, ZONE)

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2023-07-08 15:04", "2023-07-08T15:04:00+08:00"),
            ("2023-7-8 5:04:09", "2023-07-08T05:04:09+08:00"),
            ("2023/7/8 15:04", "2023-07-08T15:04:00+08:00"),
            ("2023-07-08T07:04:00+00:00", "2023-07-08T07:04:00+00:00"),
            ("2023-07-08", None),
            ("15:04", None),
            ("2023-02-30 15:04", None),
            ("+", None),
        ],
    )
    def test_moments_as_people_write_them(self, text: str, moment: str | None) -> None:
        if moment is None:
            with pytest.raises(InvalidInput, match="应写到分"):
                moment_of(text, ZONE)
        else:
            assert moment_of(text, ZONE).isoformat() == moment


class TestTheList:
    def test_the_last_day_newest_first_and_older_ones_when_asked(self, officer: Client) -> None:
        station = gauge()
        taken(station, "1", ago=timedelta(hours=25)), taken(station, "2", ago=timedelta(hours=2))
        taken(station, "3")
        values = [line.value for line, _ in officer.get(LIST).context["lines"]]
        assert values == ["3", "2"]
        begins = timezone.localtime() - timedelta(hours=30)
        asked = officer.get(LIST, {"begins": f"{begins:%Y-%m-%dT%H:%M}", "sort": "value"})
        assert [line.value for line, _ in asked.context["lines"]] == ["1", "2", "3"]

    def test_filters(self, officer: Client) -> None:
        taken(gauge("R1", network="甲网"), "1"), taken(low_spot("P1"), "2", ago=timedelta(hours=2))
        corrected = taken(gauge("R2"), "3", ago=-timedelta(minutes=4))
        record_readings(
            actor=None, at=timezone.now(), rows=[row(corrected.station, corrected.observed_at, 4)]
        )

        def codes(**asked: str) -> list[str]:
            return [line.reading.station.code for line, _ in officer.get(LIST, asked).context["lines"]]

        assert codes() == ["R2", "R1", "P1"]
        assert codes(station="R1") == codes(network="甲网") == ["R1"]
        assert codes(kind="ponding") == codes(mark="late") == ["P1"]
        assert codes(mark="corrected") == codes(mark="ahead") == ["R2"]
        assert codes(source="sheet") == []
        shown = text_of(officer.get(LIST))
        assert "站钟快" in shown and "已更正 1 次" in shown

    def test_an_empty_list_says_what_would_fill_it(self, officer: Client) -> None:
        assert "经接口、表格或人工报送后列在这里" in text_of(officer.get(LIST))
        assert "登记站点后列在这里" in text_of(officer.get("/flood/stations/"))
        assert "replay_storm" in text_of(officer.get(f"{LIST}drill/"))

    def test_exports_hold_what_was_filtered(self, officer: Client) -> None:
        taken(gauge("R1"), "1.5"), taken(low_spot("P1"), "2")
        lines = officer.get("/flood/readings.csv", {"station": "R1"}).content.decode().splitlines()
        assert lines[0].startswith("\ufeff站号,站名") and lines[1].startswith("R1,雨量R1,雨量站,,")
        assert len(lines) == 2 and ",1.5,mm," in lines[1]
        sheet = load_workbook(BytesIO(officer.get("/flood/readings.xlsx").content)).active
        assert sheet is not None
        assert {line[0].value for line in sheet.iter_rows(min_row=2)} == {"R1", "P1"}

    @pytest.mark.parametrize(("most", "status"), [(2, 200), (1, 400)])
    def test_an_export_that_is_too_long_says_what_to_do(
        self, officer: Client, monkeypatch: Any, most: int, status: int
    ) -> None:
        taken(gauge("R1"), "1"), taken(gauge("R2"), "1")
        monkeypatch.setattr("floodresponse.gauges.listviews.MOST_EXPORTED", most)
        assert officer.get("/flood/readings.xlsx").status_code == status


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-90, "站钟快 1 分"),
        (-31, "站钟快 31 秒"),
        (-30, "及时"),
        (900, "及时"),
        (901, "迟 15 分"),
        (7500, "迟 2 小时 5 分"),
    ],
)
def test_how_a_reading_arrived(seconds: int, words: str) -> None:
    moment = timezone.now()
    assert arrival_of(moment, moment + timedelta(seconds=seconds)).words == words


class TestTheDay:
    END = datetime.fromisoformat("2023-07-08T15:00:00+08:00")

    @pytest.mark.parametrize(
        ("minutes", "slot"), [(0, 23), (59, 23), (60, 22), (1439, 0), (1440, None), (-1, None)]
    )
    def test_hours_end_with_their_last_minute(self, minutes: int, slot: int | None) -> None:
        sums = hourly([(self.END - timedelta(minutes=minutes), Decimal("0.1"))], self.END)
        assert [place for place, mm in enumerate(sums) if mm] == ([] if slot is None else [slot])

    def test_sums_are_exact(self) -> None:
        readings = [(self.END - timedelta(seconds=n), Decimal("0.1")) for n in range(200)]
        assert hourly(readings, self.END)[23] == 20

    def test_bars_and_depths_stay_inside(self) -> None:
        bars = rain_plot([(self.END, Decimal("33.3"))], self.END).bars
        assert len(bars) == 24 and all(20 <= bar.y <= 190 and bar.height >= 0 for bar in bars)
        thresholds = [Decimal(20), Decimal(30), Decimal(50)]
        plot = depth_plot([(self.END, Decimal(27))], self.END, thresholds)
        assert [tick.label for tick in plot.thresholds] == ["20 cm", "30 cm", "50 cm"]
        assert all(20 <= y <= 190 for _, y in plot.points)

    def test_the_page_draws_and_tells_the_same(self, officer: Client) -> None:
        make_plan()
        station = gauge()
        taken(station, "1.5", ago=timedelta(minutes=2)), taken(station, "2", ago=timedelta(hours=4))
        taken(station, "9", ago=timedelta(hours=25))
        page = officer.get("/flood/stations/R1/")
        assert dict(page.context["sums"]) == {1: "1.5", 3: "1.5", 6: "3.5", 24: "3.5"}
        assert page.content.count(b"gauge-bar") >= 24 and len(page.context["lines"]) == 2

    def test_of_many_readings_the_newest_are_listed_and_the_others_lie_one_tap_away(
        self, officer: Client
    ) -> None:
        station = gauge()
        for minutes in range(1, 53):
            taken(station, "0.1", ago=timedelta(minutes=minutes))
        page = officer.get("/flood/stations/R1/")
        assert (len(page.context["lines"]), page.context["more"], page.context["count"]) == (50, 2, 52)
        assert "另有 2 条较早的数据" in text_of(page) and b'readings/?station=R1"' in page.content

    def test_a_silent_day_is_no_dry_day(self, officer: Client) -> None:
        low_spot()
        assert "没有数据不等于没有雨" in text_of(officer.get("/flood/stations/P1/"))
        assert officer.get("/flood/stations/nowhere/").status_code == 404

    @pytest.mark.parametrize(("minutes", "silent"), [(29, False), (31, True)])
    def test_who_is_silent(self, officer: Client, minutes: int, silent: bool) -> None:
        taken(gauge("R1"), "1", ago=timedelta(minutes=minutes)), taken(low_spot("P1"), "1")
        rows = officer.get("/flood/stations/").context["rows"]
        assert {station.code: is_silent for station, _, is_silent in rows} == {"R1": silent, "P1": False}


READ = (
    LIST,
    "/flood/readings.csv",
    "/flood/readings.xlsx",
    f"{LIST}drill/",
    "/flood/stations/",
    "/flood/stations/R1/",
)
WRITE = (NEW, IMPORT, f"{IMPORT}template.xlsx")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
def test_who_may(role: str | None) -> None:
    reading = taken(gauge(), "1")
    client = browser_of(role)
    staff = 302 if role == "anonymous" else 403 if role is None else 200
    enters = 302 if role == "anonymous" else 200 if role in OFFICERS else 403
    wanted = {**dict.fromkeys(READ, staff), f"{LIST}{reading.pk}/": staff, **dict.fromkeys(WRITE, enters)}
    assert {path: client.get(path).status_code for path in wanted} == wanted
    if role not in OFFICERS:
        sent = {"value": "2", "reason": "现场复核", "seen": "1"}
        assert client.post(f"{LIST}{reading.pk}/", sent).status_code in {302, 403}
        assert client.post(f"{IMPORT}confirm/", {}).status_code in {302, 403}
        assert not ReadingRevision.objects.exists()


@pytest.mark.django_db
def test_a_page_costs_the_same_however_much_there_is() -> None:
    make_plan()
    client = browser_of("duty_officer")
    pages = (LIST, "/flood/stations/", "/flood/stations/R1/", NEW)
    stations = [gauge(f"R{n}") for n in range(1, 13)]
    taken(stations[0], "1")
    few = {page: cost_of(page, client) for page in pages}
    now = timezone.now()
    rows = [row(station, now - timedelta(minutes=n), "0.2") for n in range(1, 30) for station in stations]
    record_readings(actor=None, at=now, rows=rows)
    many = {page: cost_of(page, client) for page in pages}
    assert many == few
    assert max(few.values()) <= 15
    with CaptureQueriesContext(connection) as captured:
        client.get("/flood/readings.xlsx")
    assert reads_of_the_page(captured) <= 15
