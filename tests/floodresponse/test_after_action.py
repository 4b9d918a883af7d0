"""After a response: maxima, what is settled, the report that writes itself, editing, publishing, filing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from events.models import Event
from floodresponse.aftermath.facts import gather
from floodresponse.aftermath.log import log_of
from floodresponse.aftermath.peaks import Site, gauge_peaks, most_in, point_peaks
from floodresponse.aftermath.printing import chinese_number, printout_of
from floodresponse.aftermath.tables import losses_by_unit, punctuality
from floodresponse.aftermath.views import sections_of
from floodresponse.models import (
    AfterActionReport,
    AftermathEntry,
    FloodWarning,
    Household,
    HouseholdMove,
    Plan,
    RainOrder,
    Reading,
    ReadingBatch,
    Recommendation,
    ReportSection,
    Response,
    SirenOrder,
    Supply,
)
from floodresponse.services.aftermath import (
    EntryContent,
    add_entry,
    edit_section,
    move_report,
    restore_section,
    strike_entry,
    write_report,
)
from floodresponse.services.obligations import excuse_obligation, record_call
from floodresponse.services.passing import PassingContent, pass_up
from floodresponse.services.supplies import SupplyContent, move_supply, open_stock
from floodresponse.services.warnings import (
    WarningContent,
    assess_warning,
    issue_warning,
    receive_warning,
)
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from tests.factories import TaskFactory, UserFactory
from tests.floodresponse.city import gauge, low_spot
from tests.floodresponse.reporting import City, build_city, happen, minute, report

D = Decimal
LATER = minute(600)


def hour(n: float) -> datetime:
    return datetime(2023, 7, 26, tzinfo=UTC) + timedelta(hours=n)


class TestMaxima:
    def test_the_most_in_a_window_and_when(self) -> None:
        rain = [(hour(0), D(10)), (hour(1), D(20)), (hour(2.5), D(30)), (hour(9), D(5))]
        peak = most_in(rain, 3)
        assert peak is not None
        assert (peak.value, peak.at) == (D(60), hour(2.5))

    @pytest.mark.parametrize(("apart", "most"), [(2.99, 30), (3, 20), (3.01, 20)])
    def test_the_beginning_of_the_window_is_outside(self, apart: float, most: int) -> None:
        peak = most_in([(hour(0), D(10)), (hour(apart), D(20))], 3)
        assert peak is not None
        assert peak.value == most

    def test_sums_are_exact_and_order_does_not_matter(self) -> None:
        rain = [(hour(n / 100), D("0.1")) for n in range(200)]
        peak = most_in(list(reversed(rain)), 3)
        assert peak is not None
        assert peak.value == D(20)

    def test_without_readings_there_is_none(self) -> None:
        assert most_in([], 3) is None

    def test_by_station_the_greatest_first_and_dry_points_left_out(self) -> None:
        one, two, bridge, hole = (Site(code, code) for code in "甲乙桥洞")
        gauges = gauge_peaks([(one, hour(0), D(1)), (two, hour(0), D(2)), (two, hour(5), D(3))])
        assert [(g.site, g.total, g.in_3h.value, g.in_6h.value) for g in gauges] == [
            (two, D(5), D(3), D(5)),
            (one, D(1), D(1), D(1)),
        ]
        points = point_peaks([(bridge, hour(0), D(20)), (bridge, hour(1), D(35)), (hole, hour(0), D(0))])
        assert [(p.site, p.deepest.value, p.deepest.at) for p in points] == [(bridge, D(35), hour(1))]

    def test_two_stations_of_one_name_are_not_added_up(self) -> None:
        rows = [(Site(code, "一号站"), hour(0), D(10)) for code in ("A1", "B1")]
        assert [(gauge.site.code, gauge.total) for gauge in gauge_peaks(rows)] == [
            ("A1", D(10)),
            ("B1", D(10)),
        ]


def make_response(city: City, *, exercise: bool = False, ended: bool = True) -> Response:
    """Declared at III half an hour before T0, raised to II, ended five hours after T0."""
    plan, _ = Plan.objects.get_or_create(title="青河市防内涝方案", year=2023)
    response = Response.objects.create(
        plan=plan,
        declared_at=minute(-30),
        terminated_at=minute(300) if ended else None,
        exercise=exercise,
    )
    for sequence, (level, at, recommended) in enumerate(
        ((3, -30, 3), (2, 40, 3), (None, 300, None))[: 3 if ended else 2], start=1
    ):
        response.levels.create(
            sequence=sequence,
            level=level,
            since=minute(at),
            recommended=recommended,
            decided_by=city.commander,
            authorised_by="林总",
            reason="上游来水" if level == 2 else "",
        )
    return response


@pytest.fixture
def city(db: Any) -> City:
    return build_city()


@pytest.fixture
def response(city: City) -> Response:
    return make_response(city)


def told(response: Response, key: str, at: datetime = LATER) -> str:
    """A section as the rows tell it."""
    return next(section.text for section in sections_of(gather(response, at)) if section.key == key)


class TestWhatTheRowsTell:
    def test_times_of_each_step(self, response: Response) -> None:
        lines = told(response, "process").splitlines()
        assert lines == [
            "7月26日14时32分，启动III级（黄色）响应，下令人林总。",
            "7月26日15时42分，由III级（黄色）调整为II级（橙色），下令人林总；当时建议为III级（黄色）；理由：上游来水。",
            "7月26日20时02分，终止响应，下令人林总。",
        ]
        assert "历时5小时30分钟，最高级别II级（橙色）" in told(response, "summary")

    def test_rain_and_depth_within_the_response(self, response: Response) -> None:
        station, point = gauge(name="河东站"), low_spot(name="柳桥洞")
        batch = ReadingBatch.objects.create(received_at=LATER, accepted=4)
        for where, at, value in (
            (station, -200, "30.5"),
            (station, -100, "25"),
            (station, 301, "99"),  # after the end
            (point, 10, "32"),
        ):
            Reading.objects.create(
                station=where, observed_at=minute(at), value=value, received_at=LATER, batch=batch
            )
        text = told(response, "weather")
        assert "3小时最大雨量55.5毫米（河东站" in text
        assert "最深32厘米（柳桥洞，7月26日15时12分）" in text

    def test_the_headline_is_of_gauges_that_count(self, response: Response) -> None:
        batch = ReadingBatch.objects.create(received_at=LATER, accepted=2)
        town, hills = gauge(name="河东站"), gauge("R2", name="山口站", is_urban=False)
        for where, value in ((town, "30"), (hills, "80")):
            Reading.objects.create(
                station=where, observed_at=minute(0), value=value, received_at=LATER, batch=batch
            )
        text = told(response, "weather")
        assert "3小时最大雨量30毫米（河东站" in text and "2个雨量站有记录" in text
        labels = [one.site.label for one in gather(response, LATER).gauges]
        assert labels == ["山口站（不计入）", "河东站"]

    def test_what_went_before_and_beside_the_levels_stands_in_the_order_of_time(
        self, city: City, response: Response
    ) -> None:
        warning = FloodWarning.objects.create(
            issuer=city.bureau,
            kind="rainstorm",
            colour=3,
            text="有暴雨",
            valid_from=minute(-120),
            valid_to=minute(200),
            key=uuid4(),
            state="lifted",
            received_at=minute(-120),
            received_by=city.office,
            issued_at=minute(-100),
            lifted_at=minute(190),
        )
        first = response.levels.get(sequence=1)
        SirenOrder.objects.create(record=first, number=1, minutes=1, sounded_at=minute(-25))
        response.kept_levels.create(
            level=3,
            recommended=2,
            decided_at=minute(20),
            decided_by=city.commander,
            authorised_by="林总",
            reason="雨势已弱",
        )
        assert told(response, "process").splitlines() == [
            "7月26日13时22分，发布暴雨黄色预警（水务局，7月26日18时22分止）。",
            "7月26日14时32分，启动III级（黄色）响应，下令人林总。",
            "7月26日14时37分，第1次鸣放警报1分钟。",
            "7月26日15时22分，维持III级（黄色），下令人林总；当时建议为II级（橙色）；理由：雨势已弱。",
            "7月26日15时42分，由III级（黄色）调整为II级（橙色），下令人林总；当时建议为III级（黄色）；理由：上游来水。",
            "7月26日18时12分，解除暴雨黄色预警。",
            "7月26日20时02分，终止响应，下令人林总。",
        ]
        assert f"收到预警：{warning}" not in [line.text for line in log_of(gather(response, LATER))]

    def test_what_was_ordered_for_rain_before_it_is_told(self, city: City, response: Response) -> None:
        RainOrder.objects.create(
            plan=response.plan,
            situation="heavy_rain",
            reason="有大雨",
            ordered_at=minute(-90),
            ordered_by=city.office,
            ended_at=minute(-30),
        )
        first = told(response, "process").splitlines()[0]
        assert first == f"7月26日13时32分，部署大雨措施，部署人{city.office}。"

    def test_a_warning_that_was_over_before_is_left_out(self, city: City, response: Response) -> None:
        receive_and_issue(city, ends=minute(-30 - 6 * 60))
        assert "预警" not in told(response, "process")

    def test_the_log_tells_how_the_recommendation_changed_and_what_was_warned_of(
        self, city: City, response: Response
    ) -> None:
        for begins, level in ((-600, 4), (-20, 3), (30, 2), (400, None)):
            Recommendation.objects.create(begins_at=minute(begins), seen_at=minute(begins + 300), level=level)
        receive_and_issue(city, ends=minute(60))
        lines = [line.text for line in log_of(gather(response, LATER))]
        assert [one for one in lines if "推荐" in one] == ["推荐 IV → III", "推荐 III → II"]
        assert [one for one in lines if "预警" in one] == [
            "收到预警：暴雨黄色预警",
            "研判预警：暴雨黄色预警",
            "发布预警：暴雨黄色预警",
        ]

    def test_punctuality_by_unit(self, city: City, response: Response) -> None:
        incident = happen(city)
        report(incident, city.street_officer, at=minute(20), channel="phone")
        report(incident, city.street_officer, at=minute(133), channel="written")
        late = happen(city, unit=city.bureau)
        excuse_obligation(
            actor=city.office, obligation=late.obligations.get(kind="phone"), reason="断网", at=minute(60)
        )
        record_call(
            actor=city.office,
            obligation=late.obligations.get(kind="written"),
            called="",
            number="",
            answered=False,
            at=minute(130),
        )
        rows = {row.unit: row for row in punctuality(gather(response, LATER).obligations, LATER)}
        street, bureau = rows["柳河街道"], rows["水务局"]
        assert (street.in_time, street.late, street.missing) == (1, 1, street.owed - 2)
        assert (bureau.excused, bureau.missing, bureau.in_time) == (1, bureau.owed - 1, 0)
        assert street.worst >= 13
        text = told(response, "reporting")
        assert "叫应1次，接听0次" in text
        assert "水务局：未报" in text

    def test_what_is_not_due_yet_is_not_missing(self, city: City, response: Response) -> None:
        incident = happen(city)
        phone = incident.obligations.get(kind="phone")
        rows = gather(response, LATER).obligations
        assert punctuality(rows, phone.due_at) == []
        assert punctuality(rows, phone.due_at + timedelta(seconds=1))[0].missing == 1

    def test_losses_are_the_last_known_and_counted_once(self, city: City, response: Response) -> None:
        first, second = happen(city), happen(city, unit=city.bureau)
        report(first, city.street_officer, at=minute(30), figures={"affected": 10, "dead": 0})
        report(
            first,
            city.street_officer,
            at=minute(60),
            stage="followup",
            figures={"affected": 25, "loss_10k_yuan": "1.5"},
        )
        report(second, city.bureau_officer, at=minute(60), figures={"affected": 5})
        facts = gather(response, LATER)
        headings, lines = losses_by_unit(facts)
        assert headings == ["受灾人口", "死亡", "直接经济损失（万元）"]
        assert dict(lines) == {
            "柳河街道": ["25", "0", "1.5"],
            "水务局": ["5", "—", "—"],
            "合计": ["30", "0", "1.5"],
        }
        assert "受灾人口30人、死亡0人、直接经济损失1.5万元。" in told(response, "losses")

    def test_people_supplies_and_entries(self, city: City, response: Response) -> None:
        household = Household.objects.create(street=city.street, head="林甲", address="柳巷 1 号", people=4)
        of = {"household": household, "response": response, "moved_by": city.office}
        # Home again in between: the household counts once, as it left last.
        home = {"returned_at": minute(20), "returned_by": city.office}
        HouseholdMove.objects.create(people=4, moved_at=minute(10), **of, **home)
        HouseholdMove.objects.create(people=3, moved_at=minute(30), **of)
        content = SupplyContent(unit=city.street, name="沙袋", measure="只")
        supply: Supply = open_stock(actor=city.office, content=content, quantity=D(100), at=minute(0))
        for at in (10, 400):
            move_supply(
                actor=city.office, supply=supply, kind="out", quantity=D(30), reason="封堵", at=minute(at)
            )
        enter(city, response, kind="cost", text="租用水泵", amount=D("1200.5"))
        task = TaskFactory(leads=[city.bureau])
        enter(city, response, kind="rebuilding", text="修复箱涵", task=task)
        assert "转移1户3人：柳河街道1户" in told(response, "people")
        assert "沙袋30只" in told(response, "costs")
        assert "合计1200.5元" in told(response, "costs")
        assert f"修复箱涵（任务：{task.get_state_display()}）" in told(response, "recovery")

    def test_the_record_speaks_for_and_against(self, city: City, response: Response) -> None:
        happen(city, unit=city.bureau)
        enter(city, response, kind="commendation", text="抢险及时", unit=city.street, basis="现场记录")
        text = told(response, "merits")
        assert "有迟报、未报且未免责的单位：水务局" in text
        assert "表扬：柳河街道：抢险及时（依据：现场记录）。" in text

    def test_nothing_on_record_is_said_so(self, response: Response) -> None:
        assert told(response, "weather") == "没有雨量记录。\n没有积水记录。"
        assert told(response, "incidents") == "没有上报涝情、险情、灾情。"
        assert told(response, "recovery") == "没有登记救助。\n没有登记恢复重建任务。"

    def test_a_drill_and_the_real_thing_do_not_mix(self, city: City, response: Response) -> None:
        drill = make_response(city, exercise=True)
        happen(city, location="演练点", exercise=True)
        happen(city, location="真点")
        real = [one.location for one in gather(response, LATER).incidents]
        practised = [one.location for one in gather(drill, LATER).incidents]
        assert (real, practised) == (["真点"], ["演练点"])
        assert told(drill, "summary").startswith("本次为演练。")
        assert not any("真点" in line.text for line in log_of(gather(drill, LATER)))

    def test_the_log_in_the_order_of_time(self, city: City, response: Response) -> None:
        incident = happen(city)
        report(incident, city.street_officer, at=minute(15), channel="phone")
        log = log_of(gather(response, LATER))
        assert [line.at for line in log] == sorted(line.at for line in log)
        assert any("上报" in line.text for line in log)


def receive_and_issue(city: City, *, ends: datetime) -> None:
    content = WarningContent(
        issuer=city.bureau,
        kind="rainstorm",
        colour=3,
        text="有暴雨",
        valid_from=ends - timedelta(hours=6),
        valid_to=ends,
        key=uuid4(),
    )
    at = ends - timedelta(hours=3)
    warning = receive_warning(actor=city.office, at=at, content=content)
    assess_warning(actor=city.office, at=at, warning=warning, issue=True, note="采信发布")
    issue_warning(actor=city.office, at=at, warning=warning, units=[city.street])


def enter(city: City, response: Response, **values: Any) -> AftermathEntry:
    return add_entry(actor=city.office, response=response, content=EntryContent(**values), at=LATER)


class TestEntering:
    def test_praise_and_blame_need_a_basis(self, city: City, response: Response) -> None:
        for kind in ("commendation", "accountability"):
            with pytest.raises(InvalidInput, match="依据"):
                enter(city, response, kind=kind, text="某事")

    def test_money_is_not_negative(self, city: City, response: Response) -> None:
        with pytest.raises(InvalidInput, match="金额"):
            enter(city, response, kind="cost", text="水泵", amount=D("-0.01"))
        assert enter(city, response, kind="cost", text="水泵", amount=D(0)).amount == 0

    def test_not_before_the_end(self, city: City) -> None:
        with pytest.raises(StateConflict, match="终止后"):
            enter(city, make_response(city, ended=False), kind="lesson", text="某事")

    def test_what_is_struck_out_stays_and_counts_no_more(self, city: City, response: Response) -> None:
        entry = enter(city, response, kind="lesson", text="泵站要早开")
        with pytest.raises(InvalidInput, match="理由"):
            strike_entry(actor=city.office, entry=entry, reason=" ", at=LATER)
        strike_entry(actor=city.office, entry=entry, reason="重复", at=LATER)
        with pytest.raises(StateConflict):
            strike_entry(actor=city.office, entry=entry, reason="重复", at=LATER)
        assert AftermathEntry.objects.count() == 1
        assert told(response, "lessons") == "没有登记经验教训。"

    def test_only_the_office(self, city: City, response: Response) -> None:
        for actor in (city.street_officer, city.bureau_officer, UserFactory(role="viewer")):
            with pytest.raises(PermissionRefused):
                add_entry(
                    actor=actor,
                    response=response,
                    content=EntryContent(kind="lesson", text="某事"),
                    at=LATER,
                )


def write(city: City, response: Response, at: datetime = LATER) -> AfterActionReport:
    sections = sections_of(gather(response, at))
    return write_report(actor=city.office, response=response, sections=sections, at=at)


def section_of(report: AfterActionReport, key: str) -> ReportSection:
    return ReportSection.objects.get(report=report, key=key)


class TestWriting:
    def test_it_writes_itself_and_again_without_a_second_one(self, city: City, response: Response) -> None:
        first = write(city, response)
        assert first.sections.count() == 12
        assert write(city, response).pk == first.pk
        assert section_of(first, "summary").history.count() == 1

    def test_an_edited_section_keeps_its_words_and_shows_what_the_rows_tell(
        self, city: City, response: Response
    ) -> None:
        made = write(city, response)
        lessons = section_of(made, "lessons")
        edit_section(actor=city.office, section=lessons, text="泵站要早开。", was=lessons.text, at=LATER)
        enter(city, response, kind="lesson", text="井盖要巡查")
        write(city, response)
        lessons.refresh_from_db()
        assert (lessons.text, lessons.written, lessons.edited) == ("泵站要早开。", "井盖要巡查。", True)
        restored = restore_section(actor=city.office, section=lessons, was=lessons.text, at=LATER)
        assert (restored.text, restored.edited) == ("井盖要巡查。", False)
        assert restored.history.count() == 4

    def test_two_who_edit_at_once(self, city: City, response: Response) -> None:
        lessons = section_of(write(city, response), "lessons")
        seen = lessons.text
        edit_section(actor=city.office, section=lessons, text="甲", was=seen, at=LATER)
        with pytest.raises(StateConflict, match="别人修改"):
            edit_section(actor=city.commander, section=lessons, text="乙", was=seen, at=LATER)
        assert section_of(lessons.report, "lessons").text == "甲"

    def test_an_empty_section_is_refused(self, city: City, response: Response) -> None:
        lessons = section_of(write(city, response), "lessons")
        with pytest.raises(InvalidInput, match="不能为空"):
            edit_section(actor=city.office, section=lessons, text=" \n", was=lessons.text, at=LATER)

    def test_not_before_the_end_and_only_by_the_office(self, city: City, response: Response) -> None:
        sections = sections_of(gather(response, LATER))
        with pytest.raises(PermissionRefused):
            write_report(actor=city.street_officer, response=response, sections=sections, at=LATER)
        with pytest.raises(StateConflict, match="还没有终止"):
            write(city, make_response(city, exercise=True, ended=False))


class TestPublishing:
    def test_who_changed_it_last_does_not_publish_it(self, city: City, response: Response) -> None:
        made = write(city, response)
        lessons = section_of(made, "lessons")
        edit_section(actor=city.commander, section=lessons, text="甲", was=lessons.text, at=LATER)
        with pytest.raises(PermissionRefused, match="另一位"):
            move_report(actor=city.commander, report=made, step="publish", at=LATER)
        publisher = UserFactory(role="publisher")
        assert move_report(actor=publisher, report=made, step="publish", at=LATER).publication == "published"

    def test_nor_when_another_only_wrote_it_anew_and_nothing_changed(
        self, city: City, response: Response
    ) -> None:
        report = write(city, response)
        section = section_of(report, "summary")
        edit_section(actor=city.commander, section=section, text="改写。", was=section.text, at=LATER)
        write(city, response)
        with pytest.raises(PermissionRefused, match="另一位"):
            move_report(actor=city.commander, report=report, step="publish", at=LATER)

    def test_publishing_files_one_draft_to_the_chronicle(self, city: City, response: Response) -> None:
        made = move_report(actor=city.commander, report=write(city, response), step="publish", at=LATER)
        event = Event.objects.get()
        assert (made.event, event.publication, event.start_date.isoformat()) == (event, "draft", "2023-07-26")
        assert "最高级别II级" in event.text
        again = move_report(actor=city.commander, report=made, step="withdraw", at=LATER, reason="数字有误")
        again = move_report(actor=city.office, report=again, step="reopen", at=LATER, reason="改正")
        move_report(actor=city.commander, report=again, step="publish", at=LATER)
        assert Event.objects.count() == 1

    def test_a_drill_is_not_filed(self, city: City) -> None:
        made = write(city, make_response(city, exercise=True))
        move_report(actor=city.commander, report=made, step="publish", at=LATER)
        assert not Event.objects.exists()

    def test_what_is_published_is_not_edited(self, city: City, response: Response) -> None:
        made = move_report(actor=city.commander, report=write(city, response), step="publish", at=LATER)
        lessons = section_of(made, "lessons")
        with pytest.raises(StateConflict, match="已发布"):
            edit_section(actor=city.office, section=lessons, text="甲", was=lessons.text, at=LATER)
        with pytest.raises(StateConflict, match="已发布"):
            write(city, response)

    def test_the_office_does_not_sign(self, city: City, response: Response) -> None:
        with pytest.raises(PermissionRefused):
            move_report(actor=city.office, report=write(city, response), step="publish", at=LATER)


class TestOnPaper:
    def test_sections_are_numbered_and_a_draft_says_so(self, city: City, response: Response) -> None:
        html = printout_of(write(city, response)).html
        assert "一、总体情况" in html
        assert "十二、表扬和追责" in html
        assert "未经签发" in html

    def test_a_published_one_does_not(self, city: City, response: Response) -> None:
        made = move_report(actor=city.commander, report=write(city, response), step="publish", at=LATER)
        assert "未经签发" not in printout_of(made).html

    @pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (19, "十九")])
    def test_numbers_in_words(self, number: int, words: str) -> None:
        assert chinese_number(number) == words


def test_what_was_passed_up_stands_in_the_log_of_it_and_of_the_command_post(
    city: City, response: Response
) -> None:
    incident = happen(city, at=minute(30))
    pass_up(actor=city.office, incident=incident, content=PassingContent(text="已核实。"), at=minute(40))
    assert f"核实上报：{incident}" in [line.text for line in log_of(gather(response, LATER))]


class TestInTheBrowser:
    @pytest.fixture(autouse=True)
    def later(self) -> Any:
        with time_machine.travel(LATER, tick=False):
            yield

    def client(self, user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_from_nothing_to_a_published_report(self, city: City, response: Response) -> None:
        happen(city, at=minute(30))
        office, commander = self.client(city.office), self.client(city.commander)
        address = f"/flood/responses/{response.pk}/report/"
        assert "生成报告" in office.get(address).content.decode()
        office.post(f"{address}write/")
        seen = section_of(AfterActionReport.objects.get(), "lessons").text
        office.post(f"{address}sections/lessons/", {"text": "泵站要早开。", "was": seen})
        assert "泵站要早开" in office.get(address).content.decode()
        stale = office.post(f"{address}sections/lessons/", {"text": "丙", "was": seen})
        assert stale.status_code == 400
        office.post(f"{address}submit/")
        assert "签发发布" in commander.get(address).content.decode()
        commander.post(f"{address}publish/")
        assert AfterActionReport.objects.get().publication == "published"
        assert "大事记草稿" in commander.get(address).content.decode()
        pdf = commander.get(f"{address}report.pdf")
        assert pdf["Content-Type"] == "application/pdf"
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
        # Nothing was measured: the tables that are left are numbered in a row.
        numbers = [part[:1] for part in text.replace(" ", "").split("附表")[1:]]
        assert len(numbers) >= 2
        assert numbers == [str(place) for place in range(1, len(numbers) + 1)]

    def test_matters_are_entered_found_exported_and_struck_out(self, city: City, response: Response) -> None:
        office, address = self.client(city.office), f"/flood/responses/{response.pk}/aftermath/"
        assert office.post(address, {"kind": "cost", "text": "水泵", "amount": "12.5"}).status_code == 302
        assert office.post(address, {"kind": "accountability", "text": "迟报"}).status_code == 400
        assert len(office.get(f"{address}?kind=cost&q=水&sort=-amount").context["page"]) == 1
        assert office.get(f"{address}?kind=lesson").context["page"].paginator.count == 0
        assert office.get(f"{address}aftermath.xlsx").status_code == 200
        office.post(f"/flood/aftermath/{AftermathEntry.objects.get().pk}/strike/", {"reason": "错录"})
        assert "已划销" in office.get(address).content.decode()

    def test_on_a_phone_each_loss_says_what_it_counts(self, city: City, response: Response) -> None:
        report(happen(city), city.street_officer, at=minute(30), figures={"affected": 10, "loss_10k_yuan": 2})
        page = self.client(city.office).get(f"/flood/responses/{response.pk}/report/").content.decode()
        assert 'data-label="受灾人口">10<' in page
        assert 'data-label="直接经济损失（万元）">2<' in page

    def test_the_page_costs_few_queries_however_much_there_is(self, city: City, response: Response) -> None:
        write(city, response)
        client, costs = self.client(city.office), []
        for number in range(3):
            for place in range(number):
                happen(city, at=minute(30), location=f"桥 {number}-{place}")
                receive_and_issue(city, ends=minute(60))
            client.get(f"/flood/responses/{response.pk}/report/")
            with CaptureQueriesContext(connection) as captured:
                client.get(f"/flood/responses/{response.pk}/report/")
            costs.append(len(captured))
        assert max(costs) <= 15 and len(set(costs[1:])) == 1, costs

    def test_who_may(self, city: City, response: Response) -> None:
        write(city, response)
        paths = ("report/", "report/sections/lessons/", "aftermath/", "aftermath/aftermath.xlsx")
        people = [Client(), self.client(UserFactory(role="")), self.client(UserFactory(role="viewer"))]
        for path in paths:
            statuses = [one.get(f"/flood/responses/{response.pk}/{path}").status_code for one in people]
            assert statuses == [302, 403, 404], path
        for path in ("report/write/", "report/publish/", "report/sections/lessons/"):
            answer = people[2].post(f"/flood/responses/{response.pk}/{path}", {"text": "x", "was": "x"})
            assert answer.status_code in {302, 403, 404}, path
        assert AfterActionReport.objects.get().publication == "draft"
        assert self.client(city.office).get("/flood/responses/999999/report/").status_code == 404

    def test_others_read_the_report_once_it_is_published_without_what_is_behind_it(
        self, city: City, response: Response
    ) -> None:
        write(city, response)
        viewer, address = self.client(UserFactory(role="viewer")), f"/flood/responses/{response.pk}/"
        assert "总结报告" not in viewer.get(address).content.decode()
        for path in ("report/", "report/report.pdf"):
            assert viewer.get(f"{address}{path}").status_code == 404, path
        AfterActionReport.objects.update(publication="published")
        page = viewer.get(f"{address}report/").content.decode()
        assert "总体情况" in page
        assert "附表（始终按记录）" not in page and "善后事项</a>" not in page
        assert "总结报告" in viewer.get(address).content.decode()
        assert "附表（始终按记录）" in self.client(city.office).get(f"{address}report/").content.decode()
