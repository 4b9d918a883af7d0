"""A storm for a drill: replayed on time, and apart from the real weather in both directions."""

from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from floodresponse.assessing import assess
from floodresponse.drilling import assess_drill
from floodresponse.models import DrillReading, LevelRecord, Reading, Response, StormReplay
from floodresponse.querysets import StormReplayQuerySet
from floodresponse.services.drills import end_replay, start_replay, write_steps
from floodresponse.storms import Step, read_storm, shape_storm
from foundation.errors import InvalidInput, StateConflict
from foundation.models import AuditEntry
from tests.floodresponse.city import Phone, gauge, low_spot, make_plan, rained

NOW = datetime.fromisoformat("2023-07-08T15:00:00+08:00")
SLEEP = "floodresponse.management.commands.replay_storm.sleep"
Captured = pytest.CaptureFixture[str]


def stormy(*steps: tuple[int, str, str], speed: int = 1, at: datetime | None = None) -> StormReplay:
    """A drill's storm that began so long ago that all its steps have been written."""
    now = at or timezone.now()
    rows = [Step(Decimal(minute), station, value) for minute, station, value in steps]
    began = now - timedelta(minutes=max(minute for minute, _, _ in steps))
    replay = start_replay(actor=None, at=began, title="演练", speed=Decimal(speed), steps=rows)
    assert write_steps(replay=replay, at=now, steps=rows) == len(rows)
    return replay


@pytest.mark.django_db
class TestApart:
    def test_a_drills_rain_never_counts_for_the_real_level(self) -> None:
        make_plan()
        station = gauge()
        rained(station, "19.9")
        stormy((1, "R1", "500"))
        now = timezone.localtime()
        assert assess(now).level is None
        rained(station, "0.1", ago=timedelta(minutes=2))
        assert assess(now).level == 4
        assert assess_drill(now).level == 1

    def test_real_rain_never_counts_for_the_drills_level(self) -> None:
        make_plan()
        rained(gauge(), "500")
        stormy((1, "R1", "19.9"))
        assert assess(timezone.localtime()).level == 1
        assert assess_drill(timezone.localtime()).level is None

    @pytest.mark.parametrize(("mm", "level"), [("19.9", None), ("20", 4), ("20.1", 4)])
    def test_the_drill_is_judged_by_the_same_matrix(self, mm: str, level: int | None) -> None:
        make_plan()
        gauge()
        stormy((1, "R1", mm))
        assert assess_drill(timezone.localtime()).level == level

    @pytest.mark.parametrize(("cm", "level"), [("19.9", None), ("20", 4), ("20.1", 3), ("30", 2)])
    def test_ponding_of_each_stays_its_own(self, cm: str, level: int | None) -> None:
        make_plan()
        rained(low_spot("P1"), "50")
        stormy((1, "P1", cm))
        assert assess(timezone.localtime()).level == 1
        assert assess_drill(timezone.localtime()).level == level

    @pytest.mark.parametrize(("value", "silent"), [("0", []), ("0.1", ["R1"])])
    def test_only_rain_of_ones_own_shortens_the_patience_with_silent_gauges(
        self, value: str, silent: list[str]
    ) -> None:
        make_plan()
        station = gauge()
        rained(station, value, ago=timedelta(minutes=31))
        stormy((0, "R1", "0"), (31, "R1", "9"))
        assert list(assess(timezone.localtime()).silent) == silent

    @pytest.mark.parametrize(("value", "silent"), [("0", []), ("0.1", ["R1"])])
    def test_and_likewise_in_the_drill(self, value: str, silent: list[str]) -> None:
        make_plan()
        for code in ("R1", "P1"):
            station = gauge(code) if code == "R1" else low_spot(code)
            rained(station, "40")
        stormy((0, "R1", value), (31, "P1", "0"))
        assert list(assess_drill(timezone.localtime()).silent) == silent

    def test_a_drills_response_does_not_shorten_the_real_patience(self) -> None:
        plan = make_plan()
        rained(gauge(), "0", ago=timedelta(minutes=31))
        drill = Response.objects.create(plan=plan, declared_at=timezone.now(), exercise=True)
        assert assess(timezone.localtime()).complete
        Response.objects.filter(pk=drill.pk).update(exercise=False)
        assert not assess(timezone.localtime() + timedelta(seconds=1)).complete

    def test_a_drills_decision_keeps_the_drills_values_beside_it(self) -> None:
        make_plan()
        rained(gauge(), "500")
        stormy((1, "R1", "60"))
        decision = {"level": "II", "reason": "", "authorised_by": "林某"}
        Phone("commander").post("responses/", {**decision, "exercise": True})
        record = LevelRecord.objects.get()
        assert record.recommended == 2
        assert record.recommendation["reasons"][0]["value"] == 60
        refused = Phone("commander").post("responses/", {**decision, "exercise": False}, status=400)
        assert "I级" in refused["reason"][0]

    def test_without_a_storm_a_drill_has_no_recommendation(self) -> None:
        make_plan()
        rained(gauge(), "500")
        decision = {"level": "I", "reason": "", "authorised_by": "林某", "exercise": True}
        Phone("commander").post("responses/", decision, status=400)
        Phone("commander").post("responses/", {**decision, "reason": "按演练脚本启动一级响应"})
        assert LevelRecord.objects.get().recommended is None
        with pytest.raises(StateConflict, match="没有进行中的演练降雨"):
            assess_drill(timezone.localtime())

    def test_the_end_of_the_drill_ends_its_storm(self) -> None:
        make_plan()
        gauge()
        stormy((1, "R1", "60"))
        commander = Phone("commander")
        made = commander.post(
            "responses/", {"level": "II", "reason": "", "authorised_by": "林", "exercise": True}
        )
        assert StormReplay.objects.running() is not None
        commander.post(
            f"responses/{made['id']}/terminate/", {"reason": "演练科目全部完成，结束演练"}, status=200
        )
        assert StormReplay.objects.running() is None
        assert DrillReading.objects.count() == 1, "kept with its storm"


@pytest.mark.django_db
class TestTheInterface:
    def test_the_drills_assessment_is_asked_for(self) -> None:
        make_plan()
        gauge()
        viewer = Phone("viewer")
        assert "演练降雨" in viewer.get("assessment/?exercise=true", status=409)["detail"]
        stormy((1, "R1", "60"))
        assert viewer.get("assessment/?exercise=true")["level"] == "II"
        assert viewer.get("assessment/")["level"] is None
        viewer.get("assessment/?exercise=maybe", status=400)
        Phone(None).get("assessment/?exercise=true", status=403)

    def test_readings_that_are_posted_are_never_a_drills(self) -> None:
        rained(gauge(), "5")
        assert (Reading.objects.count(), DrillReading.objects.count()) == (1, 0)


@pytest.mark.django_db
class TestTheClock:
    @pytest.mark.parametrize(("seconds", "minutes"), [(-5, -59), (0, -59), (30, -29), (60, 1), (90, 1.5)])
    def test_a_fast_clock_meets_ours_at_the_storms_end(self, seconds: int, minutes: float) -> None:
        gauge()
        steps = [Step(Decimal(60), "R1", "1")]
        replay = start_replay(actor=None, at=NOW, title="演练", speed=Decimal(60), steps=steps)
        shown = replay.moment(NOW + timedelta(seconds=seconds))
        assert abs(shown - NOW - timedelta(minutes=minutes)) < timedelta(milliseconds=1)

    def test_each_step_is_written_once_when_its_minute_has_come(self) -> None:
        gauge()
        steps = [Step(Decimal(minute), "R1", "1") for minute in (0, 30, 60)]
        replay = start_replay(actor=None, at=NOW, title="演练", speed=Decimal(60), steps=steps)
        written = [
            write_steps(replay=replay, at=NOW + timedelta(seconds=second), steps=steps)
            for second in (0, 1, 29, 30, 59, 61, 90)
        ]
        assert written == [1, 0, 0, 1, 0, 1, 0]
        assert all(reading.observed_at <= reading.received_at for reading in replay.readings.all())

    def test_one_storm_at_a_time_and_nothing_is_written_after_its_end(self) -> None:
        gauge()
        steps = [Step(Decimal(1), "R1", "1")]
        replay = start_replay(actor=None, at=NOW, title="甲", speed=Decimal(1), steps=steps)
        with pytest.raises(StateConflict, match="还在进行"):
            start_replay(actor=None, at=NOW, title="乙", speed=Decimal(1), steps=steps)
        end_replay(actor=None, at=NOW)
        assert end_replay(actor=None, at=NOW) is None
        with pytest.raises(StateConflict, match="已经结束"):
            write_steps(replay=replay, at=NOW + timedelta(hours=1), steps=steps)
        assert not DrillReading.objects.exists()
        actions = AuditEntry.objects.filter(action__startswith="storm_replay").values_list(
            "action", flat=True
        )
        assert sorted(actions) == ["storm_replay.end", "storm_replay.start"]

    def test_a_storm_that_began_between_look_and_write_is_a_conflict(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gauge()
        steps = [Step(Decimal(1), "R1", "1")]
        start_replay(actor=None, at=NOW, title="甲", speed=Decimal(1), steps=steps)
        monkeypatch.setattr(StormReplayQuerySet, "first", lambda rows: None)
        with pytest.raises(StateConflict, match="刚刚开始"):
            start_replay(actor=None, at=NOW, title="乙", speed=Decimal(1), steps=steps)
        assert list(StormReplay.objects.values_list("title", flat=True)) == ["甲"]

    @pytest.mark.parametrize(
        ("step", "words"),
        [
            (Step(Decimal(1), "R9", "1", 3), "第 3 行：站点“R9”未登记"),
            (Step(Decimal(1), "R1", "-1", 3), "负数"),
            (Step(Decimal(1), "R1", "500.1", 3), "不合理"),
            (Step(Decimal(1), "R1", "x", 3), "不是可读的数"),
            (Step(Decimal(0), "R1", "2", 3), "同一分钟有两个"),
        ],
    )
    def test_one_line_that_cannot_be_stops_the_drill_before_it_begins(self, step: Step, words: str) -> None:
        gauge()
        with pytest.raises(InvalidInput, match=words):
            start_replay(
                actor=None,
                at=NOW,
                title="演练",
                speed=Decimal(1),
                steps=[Step(Decimal(0), "R1", "1", 2), step],
            )
        assert not StormReplay.objects.exists()

    @pytest.mark.parametrize(
        ("speed", "taken"), [("0.99", False), ("1", True), ("3600", True), ("3601", False)]
    )
    def test_the_bounds_of_the_speed(self, speed: str, taken: bool) -> None:
        gauge()
        try:
            start_replay(
                actor=None, at=NOW, title="演练", speed=Decimal(speed), steps=[Step(Decimal(1), "R1", "1")]
            )
        except InvalidInput:
            assert not taken
        assert StormReplay.objects.exists() == taken


@pytest.mark.django_db
class TestTheCommand:
    @pytest.fixture(autouse=True)
    def quick(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        """Waiting moves the clock on."""
        with time_machine.travel(NOW, tick=False) as clock:
            monkeypatch.setattr(SLEEP, lambda seconds: clock.shift(seconds))
            yield clock

    def test_a_table_is_replayed(self, tmp_path: Path) -> None:
        gauge()
        table = tmp_path / "七月.csv"
        table.write_text("\ufeff分钟,站号,数值\n0,R1,1.5\n\n60,R1,2\n", encoding="utf-8")
        out = StringIO()
        call_command("replay_storm", str(table), "--speed=60", stdout=out)
        assert "写入 2 条" in out.getvalue() and "【演练】" in out.getvalue()
        assert StormReplay.objects.get().title == "七月"
        assert [float(reading.value) for reading in DrillReading.objects.order_by("observed_at")] == [1.5, 2]
        assert timezone.now() - NOW <= timedelta(seconds=62)
        assert not Reading.objects.exists()

    def test_an_interrupted_storm_is_taken_up_with_what_was_missed_and_nothing_twice(
        self, quick: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gauge()
        table = tmp_path / "七月.csv"
        table.write_text("分钟,站号,数值\n0,R1,1.5\n20,R1,0.50\n40,R1,3\n60,R1,2\n", encoding="utf-8")

        def killed(seconds: int) -> None:
            raise MemoryError

        with monkeypatch.context() as patch:
            patch.setattr(SLEEP, killed)
            with pytest.raises(MemoryError):
                call_command("replay_storm", str(table), "--speed=60", stdout=StringIO())
        assert DrillReading.objects.count() == 1
        table.unlink()
        quick.shift(30)
        out = StringIO()
        call_command("replay_storm", "--resume", stdout=out)
        assert "继续播放“七月”，已有 1 条，共 4 条" in out.getvalue() and "写入 4 条" in out.getvalue()
        rows = DrillReading.objects.order_by("observed_at").values_list("observed_at", "value")
        begins = StormReplay.objects.get().begins
        assert [(moment - begins, float(value)) for moment, value in rows] == [
            (timedelta(minutes=0), 1.5),
            (timedelta(minutes=20), 0.5),
            (timedelta(minutes=40), 3),
            (timedelta(minutes=60), 2),
        ]

    def test_without_a_storm_on_there_is_nothing_to_take_up(self) -> None:
        err = StringIO()
        with pytest.raises(SystemExit):
            call_command("replay_storm", "--resume", stdout=StringIO(), stderr=err)
        assert "没有进行中的演练降雨可以继续" in err.getvalue()

    def test_a_storm_that_kept_no_steps_says_so(self) -> None:
        gauge()
        stormy((1, "R1", "1"))
        StormReplay.objects.update(steps=[])
        err = StringIO()
        with pytest.raises(SystemExit):
            call_command("replay_storm", "--resume", stdout=StringIO(), stderr=err)
        assert "没有保存降雨过程" in err.getvalue()

    def test_a_shaped_storm_rises_through_the_levels(
        self, quick: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_plan(2023)
        gauge("R1"), gauge("R2"), low_spot("P1")
        seen = set()

        def look(seconds: float) -> None:
            quick.shift(seconds)
            seen.add(assess_drill(timezone.localtime()).level)

        monkeypatch.setattr(SLEEP, look)
        call_command("replay_storm", "--total=120", "--minutes=180", "--speed=60", stdout=StringIO())
        assert seen >= {None, 4, 3, 2}
        assert assess_drill(timezone.localtime()).level == 1
        assert assess(timezone.localtime()).level is None

    def test_what_was_recorded_is_replayed_and_stays_as_it_was(self) -> None:
        station = gauge()
        rained(station, "1.5", ago=timedelta(minutes=50))
        rained(station, "2", ago=timedelta(minutes=20))
        before = list(Reading.objects.values_list())
        begins, ends = NOW - timedelta(hours=1), NOW
        call_command("replay_storm", recorded=[begins.isoformat(), ends.isoformat()], stdout=StringIO())
        assert [float(reading.value) for reading in DrillReading.objects.order_by("observed_at")] == [1.5, 2]
        assert list(Reading.objects.values_list()) == before

    def test_a_storm_that_is_on_can_be_ended(self) -> None:
        gauge()
        stormy((1, "R1", "1"))
        out = StringIO()
        call_command("replay_storm", end=True, stdout=out)
        call_command("replay_storm", end=True, stdout=out)
        assert "已结束演练降雨" in out.getvalue() and "没有进行中的" in out.getvalue()

    @pytest.mark.parametrize("arguments", [["nowhere.csv"], ["--recorded", "x", "y"], ["--total", "0"], []])
    def test_what_cannot_be_played_is_one_sentence(self, capsys: Captured, arguments: list[str]) -> None:
        with pytest.raises(SystemExit) as stopped:
            call_command("replay_storm", *arguments)
        assert stopped.value.code == 1
        assert capsys.readouterr().err.count("\n") == 1


class TestTheShape:
    @pytest.mark.parametrize("peak", ["0", "0.4", "1"])
    @pytest.mark.parametrize("total", ["0.1", "33.3", "120"])
    def test_sums_are_exact_and_no_step_is_negative(self, total: str, peak: str) -> None:
        steps = shape_storm(
            gauges=["R1", "R2"], points=["P1"], total=Decimal(total), minutes=180, peak=Decimal(peak)
        )
        falls = [Decimal(step.value) for step in steps if step.station == "R1"]
        assert sum(falls) == Decimal(total) and min(falls) >= 0 and len(falls) == 36
        assert (
            sum(Decimal(step.value) for step in steps if step.station == "R2") < Decimal(total)
            or total == "0.1"
        )

    @pytest.mark.parametrize(
        ("change", "taken"),
        [
            ({"total": Decimal(0)}, False),
            ({"total": Decimal(1000)}, True),
            ({"total": Decimal("1000.1")}, False),
            ({"minutes": 4}, False),
            ({"minutes": 5}, True),
            ({"minutes": 2881}, False),
            ({"peak": Decimal("1.1")}, False),
        ],
    )
    def test_the_bounds_of_a_shape(self, change: dict[str, Any], taken: bool) -> None:
        figures: dict[str, Any] = {"total": Decimal(10), "minutes": 60, "peak": Decimal("0.5"), **change}
        try:
            assert shape_storm(gauges=["R1"], points=[], **figures)
        except InvalidInput:
            assert not taken
        else:
            assert taken

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "表头"),
            ("分钟,站号\n1,R1", "表头"),
            ("分钟,站号,数值\n", "没有数据"),
            ("分钟,站号,数值\nx,R1,1", "第 2 行的分钟"),
            ("分钟,站号,数值\n1,R1,1\n-1,R1,1", "第 3 行的分钟"),
            ("分钟,站号,数值\n2880.5,R1,1", "第 2 行的分钟"),
        ],
    )
    def test_a_table_that_is_none_is_named_by_its_line(self, text: str, words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            read_storm(text)

    def test_lines_are_put_in_order(self) -> None:
        assert [step.minute for step in read_storm("minute,station,value\n9,R1,1\n0.5,R1,1")] == [
            Decimal("0.5"),
            Decimal(9),
        ]
