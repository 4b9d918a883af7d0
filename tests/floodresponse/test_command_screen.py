"""The command screen: what it shows, from what, to whom, at what cost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from floodresponse.assessing import assess
from floodresponse.models import (
    FloodWarning,
    Obligation,
    RainOrder,
    UnitAction,
)
from floodresponse.services import (
    Decision,
    acknowledge_action,
    adjust_response,
    confirm_sign,
    confirm_sounding,
)
from floodresponse.services.obligations import record_call
from floodresponse.services.sweeping import keep_assessing
from tests.accounts import person
from tests.factories import UserFactory
from tests.floodresponse.city import department, gauge, low_spot, make_plan
from tests.floodresponse.commandpost import WHY, board_of, declared, happened, measured, page

pytestmark = pytest.mark.django_db


class TestWhatTheDataSays:
    def test_the_level_is_that_of_the_assessment_and_each_reason_has_its_place_value_threshold_and_time(
        self,
    ) -> None:
        make_plan()
        measured(gauge(name="北门站", street="东街街道"), 20, 15.5)
        measured(gauge("R2", name="南门站"), 30)
        measured(low_spot(name="柳桥", street="西街街道"), 28, 34)
        board = board_of()
        assert board.verdict.evidence.level == assess(timezone.now()).level == 2
        lines = {one.what: one for one in board.verdict.evidence.criteria}
        deep, wet = lines["积水深度"], lines["6 小时雨量"]
        assert (deep.top.heard.station.name, deep.top.shown, deep.condition) == ("柳桥", "34", "≥ 30，< 50")
        assert (deep.single, deep.top.gap) == (True, "距 I 差 16")
        assert (wet.top.shown, wet.top.level, wet.others, wet.single) == ("35.5", 4, 1, False)
        text = page()
        for words in ("II", "橙色 · 二级", "柳桥", "单点", "距 I 差 16 cm", "等 2 站"):
            assert words in text

    @pytest.mark.parametrize(
        ("depth", "level", "gap"),
        [
            ("19.9", None, "距 IV 差 0.1"),
            ("20", 4, "距 III 差 0以上"),
            ("20.1", 3, "距 II 差 9.9"),
            ("29.9", 3, "距 II 差 0.1"),
            ("30", 2, "距 I 差 20"),
            ("50", 1, ""),
        ],
    )
    def test_how_far_to_the_next_depth(self, depth: str, level: int | None, gap: str) -> None:
        make_plan()
        measured(low_spot(), depth)
        board = board_of()
        assert (board.verdict.evidence.level, board.verdict.evidence.criteria[0].top.gap) == (level, gap)

    @pytest.mark.parametrize(
        ("mm", "level", "gap"), [("49.9", None, "距 II 差 0.1"), ("50", 2, "距 I 差 50"), ("100", 1, "")]
    )
    def test_how_far_to_the_next_rain_of_three_hours(self, mm: str, level: int | None, gap: str) -> None:
        make_plan()
        measured(gauge(), mm)
        line = next(one for one in board_of().verdict.evidence.criteria if one.what == "3 小时雨量")
        assert (line.top.level, line.top.gap) == (level, gap)

    def test_since_when_a_depth_and_a_sum_have_reached_their_level(self) -> None:
        make_plan()
        measured(low_spot(), 35, 28, 31, 34, every=10)
        measured(gauge(), 30, 15, 10, every=30)
        lines = {one.what: one.top for one in board_of().verdict.evidence.criteria}
        ages = {
            what: (timezone.now() - one.since) // timedelta(minutes=1)
            for what, one in lines.items()
            if one.since is not None
        }
        # 31 and 34 stand above 30 without a break; 30 + 15 + 10 passes 50 with the last of them.
        assert ages == {"积水深度": 10, "3 小时雨量": 0, "6 小时雨量": 0}

    def test_a_sign_stands_beside_and_does_not_count(self) -> None:
        make_plan()
        now = timezone.now()
        confirm_sign(actor=person("duty_officer"), at=now, code="road_cut", place="柳桥", observed_at=now)
        measured(gauge(), 20)
        text = page()
        assert board_of().verdict.evidence.level == 4
        assert "主干道中断" in text and "旁证，不计" in text

    def test_a_silent_gauge_is_named_with_its_minutes_and_its_sums_are_at_least(self) -> None:
        make_plan()
        measured(gauge(name="北门站"), 12)
        measured(gauge("R2", name="南门站"), 21, until=41)
        gauge("R3", name="西门站")
        silent = {one.heard.station.name: one.minutes for one in board_of().verdict.evidence.silent}
        assert silent == {"南门站": 41, "西门站": None}
        text = page()
        for words in ("静默 41 分钟", "从未来报", "无数据不等于安全", "≥ 21", "1/3"):
            assert words in text

    def test_nothing_measured_is_no_verdict(self) -> None:
        make_plan()
        gauge()
        board = board_of()
        assert board.verdict.evidence.blind and "无法研判" in page()
        assert "未达 IV 级" not in page()

    def test_little_rain_is_below_the_lightest_level(self) -> None:
        make_plan()
        measured(gauge(), 3.5)
        text = page()
        assert "未达 IV 级" in text and "距 IV 差 16.5 mm" in text

    def test_an_uncounted_gauge_is_shown_and_does_not_count(self) -> None:
        make_plan()
        measured(gauge("R9", name="山口站", is_urban=False), 120)
        measured(gauge(), 1)
        text = page()
        assert board_of().verdict.evidence.level is None
        assert "山口站" in text and "非城区，不计入" in text

    def test_a_reading_by_hand_is_marked(self) -> None:
        make_plan()
        spot = low_spot()
        measured(spot, 12)
        spot.readings.get().batch.__class__.objects.update(source="hand")
        assert board_of().ponding.points[0].by_hand and "人工" in page()

    @pytest.mark.parametrize(
        ("values", "arrow"), [((20, 24), "↑"), ((24, 20), "↓"), ((20, 20), "→"), ((20,), "")]
    )
    def test_where_a_depth_is_going(self, values: tuple[int, ...], arrow: str) -> None:
        make_plan()
        measured(low_spot(), *values, every=10)
        assert board_of().ponding.points[0].arrow == arrow


class TestWhatIsDeclared:
    def test_level_time_order_and_sirens(self) -> None:
        make_plan()
        record = declared(3, minutes=52)
        confirm_sounding(
            actor=person("duty_officer"), at=timezone.now(), order=record.sirens.order_by("number")[0]
        )
        adjust_response(
            actor=person("commander"),
            at=timezone.now() - timedelta(minutes=12),
            response=record.response,
            decision=Decision(level=2, reason=WHY, authorised_by="总指挥"),
        )
        board = board_of()
        assert board.declared is not None and board.declared.badge is not None
        assert (board.declared.badge.level, board.declared.since_words) == (2, "12 分")
        assert [badge.level for badge, _, _ in board.declared.past] == [3]
        text = page()
        for words in ("橙色 · 二级", "总指挥", "已鸣 0/3 次，各 2 分钟", "III 黄"):
            assert words in text

    @pytest.mark.parametrize(
        ("level", "words"),
        [(4, "高于现行 2 级"), (3, "高于现行 1 级"), (2, "与现行一致"), (1, "低于现行 1 级")],
    )
    def test_the_recommendation_is_compared_with_it(self, level: int, words: str) -> None:
        make_plan()
        measured(low_spot(), 34)
        declared(level)
        assert board_of().verdict.compared == words

    def test_since_when_nobody_has_decided(self) -> None:
        make_plan()
        measured(low_spot(), 34, 34, every=15)
        declared(3, minutes=30)
        for ago in (20, 10, 0):
            keep_assessing(at=timezone.now() - timedelta(minutes=ago))
        assert board_of().verdict.undecided == "10 分"

    def test_in_quiet_times_it_is_grey_and_says_so(self) -> None:
        make_plan()
        text = page()
        assert "未启动" in text and "level-0" in text and "汛期值守未开" in text

    def test_before_a_response_warnings_in_force_and_measures_for_rain_stand_there(self) -> None:
        plan, now = make_plan(), timezone.now()
        FloodWarning.objects.create(
            issuer=department("治安局"), kind="rainstorm", colour=2, text="六小时暴雨", state="issued",
            valid_from=now - timedelta(hours=1), valid_to=now + timedelta(hours=5), key=uuid4(),
            received_at=now, received_by=person("duty_officer"), issued_at=now,
        )  # fmt: skip
        RainOrder.objects.create(
            plan=plan, situation="heavy_rain", reason="雨强", ordered_at=now, ordered_by=person("commander")
        )
        text = page()
        assert "暴雨橙色预警" in text and "大雨" in text
        declared(3)
        assert "暴雨橙色预警" not in page()


class TestWhoIsSilent:
    def test_overdue_first_with_the_number_to_tap(self) -> None:
        make_plan()
        department("东街街道").__class__.objects.filter(name="东街街道").update(office_phone="5550111")
        owed = {one.kind: one for one in happened(minutes=30)}
        record_call(
            actor=person("commander"), obligation=owed["phone"], called="", number="", answered=False,
            at=timezone.now(),
        )  # fmt: skip
        board = board_of()
        assert [one.obligation.kind for one in board.owed.rows] == ["phone", "media", "written"]
        assert (board.owed.overdue, board.owed.rows[0].called) == (1, "未接，1 次")
        assert board.owed.next is not None and board.owed.next.obligation.kind == "media"
        text = page()
        assert 'href="tel:5550111"' in text and "1 项逾期" in text and "柳桥下涝情" in text

    @pytest.mark.parametrize(("minutes", "overdue", "soon"), [(9, 0, 0), (11, 0, 1), (19, 0, 1), (21, 1, 0)])
    def test_the_report_by_telephone_nears_and_passes_its_limit(
        self, minutes: int, overdue: int, soon: int
    ) -> None:
        make_plan()
        happened(minutes=minutes)
        board = board_of()
        assert (board.owed.overdue, board.owed.soon) == (overdue, soon)

    def test_zero_reports_of_one_limit_are_one_line(self) -> None:
        make_plan()
        now = timezone.now()
        for name in ("东街街道", "西街街道", "排水局"):
            Obligation.objects.create(
                kind="zero",
                unit=department(name),
                due_at=now + timedelta(hours=1),
                basis="每日",
                created_at=now,
            )
        board = board_of()
        assert [one.who for one in board.owed.rows] == ["3 个单位"] and board.owed.total == 3

    def test_a_duty_officer_of_a_street_sees_what_that_street_owes(self) -> None:
        make_plan()
        happened(unit="东街街道")
        happened(unit="排水局")
        officer = UserFactory(username="east", role="duty_officer", department=department("东街街道"))
        assert {one.obligation.unit.name for one in board_of(officer).owed.rows} == {"东街街道"}


class TestWhoActs:
    def test_units_stand_where_their_least_advanced_action_stands(self) -> None:
        make_plan()
        declared(3)
        drains = UnitAction.objects.get(unit__name="排水局")
        acknowledge_action(actor=person("commander"), at=timezone.now(), action=drains)
        panel = board_of().actions
        assert (panel.acknowledged, panel.done) == (1, 0)
        assert {one.name: one.word for one in panel.all}["排水局"] == "收到"
        assert "东街" in {one.name for one in panel.streets if one.word == "未收到"}
        assert f"收到 <b>1</b> / {len(panel.all)}" in page()


class TestTheHeartbeat:
    def test_a_stopped_assessment_is_said_and_the_overdue_still_shown(self) -> None:
        make_plan()
        happened(minutes=30)
        keep_assessing(at=timezone.now() - timedelta(minutes=6))
        text = page()
        assert "自动研判已停 6 分" in text and "逾期" in text

    def test_a_living_one_names_its_last_look(self) -> None:
        make_plan()
        keep_assessing(at=timezone.now())
        text = page()
        assert "自动研判 正常" in text and "自动研判已停" not in text


class TestTheDrill:
    def test_it_is_marked_everywhere_and_keeps_its_own_reports(self) -> None:
        make_plan()
        declared(2, exercise=True)
        happened(minutes=5, exercise=True)
        text = page(query="?exercise=1")
        assert "<title>演练" in text and "演练 · 不发真实通知" in text and "演练不鸣" in text
        assert re.search(r'class="slab\s+drill-2', text)
        assert board_of(exercise=True).owed.total == 3 and board_of().owed.total == 0
        assert {line.text[:4] for line in board_of(exercise=True).log} == {"【演练】"}
        assert board_of().log == ()

    def test_the_real_level_stays_in_sight(self) -> None:
        make_plan()
        declared(2, exercise=True)
        declared(3)
        drill, real = page(query="?exercise=1"), page()
        assert "真实响应正在进行" in drill and "切回真实指挥屏" in drill
        assert "演练正在另屏进行" in real and "黄色 · 三级" in real
