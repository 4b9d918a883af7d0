"""Ranking of departments: the figures behind it, scores, weights and the year-end sheet."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.errors import DomainError
from foundation.models import AuditEntry
from organizations.models import Role
from taskboard.bulletins.composing import compose
from taskboard.bulletins.gathering import gather
from taskboard.lights import WORDS
from taskboard.models import (
    AssessmentWeight,
    LightSnapshot,
    ReportingRule,
    ReportObligation,
    Signature,
    Task,
    TaskTransition,
)
from taskboard.ranking.figures import Period, figures_of
from taskboard.ranking.scoring import DEFAULTS, FIGURES, Figures, Share, ranking_of
from taskboard.ranking.views import sorted_by
from taskboard.ranking.weights import current_weights
from taskboard.services.weights import set_weights
from tests.accounts import browser_of, person
from tests.factories import DepartmentFactory, DirectiveFactory, TaskFactory, TaskListFactory
from tests.taskboard.campaign import Campaign, campaign
from tests.taskboard.sheets import sheet_of

NOW = datetime(2023, 6, 15, 1, 0, tzinfo=UTC)
TODAY = date(2023, 6, 15)
MAY = Period(date(2023, 5, 1), date(2023, 5, 31), TODAY)
db = pytest.mark.django_db


class TestScores:
    """Pure."""

    def figures(self, **shares: Share) -> Figures:
        return Figures("a", "甲局", shares)

    def score(self, **shares: Share) -> Decimal | None:
        return ranking_of([self.figures(**shares)], DEFAULTS)[0].score

    def test_all_in_time_is_a_hundred_and_nothing_in_time_is_zero(self) -> None:
        assert self.score(**{key: Share(3, 0, 3) for key in FIGURES}) == 100
        assert self.score(**{key: Share(0, 0, 3) for key in FIGURES}) == 0

    def test_a_late_catch_up_counts_by_half(self) -> None:
        assert self.score(close=Share(0, 1, 1)) == 50
        assert self.score(close=Share(1, 1, 2)) == 75

    def test_what_a_department_has_no_cases_of_does_not_count(self) -> None:
        # 15 of sign whole, 40 of close by half: (15 + 20) / 55.
        assert self.score(sign=Share(2, 0, 2), close=Share(1, 0, 2)) == Decimal("63.64")

    def test_without_any_case_there_is_no_score_and_no_rank(self) -> None:
        row = ranking_of([self.figures()], DEFAULTS)[0]
        assert (row.score, row.rank) == (None, None)

    def test_lights_alone_that_never_were_red_give_no_score_and_no_rank(self) -> None:
        rows = [
            Figures("a", "甲局", {"light": Share(3, 0, 3)}),
            Figures("b", "乙局", {"light": Share(3, 0, 3), "sign": Share(0, 0, 1)}),
        ]
        first, last = ranking_of(rows, DEFAULTS)
        assert (first.name, first.rank, first.note) == ("乙局", 1, "") and first.score == 50
        assert (last.name, last.rank, last.score) == ("甲局", None, None)
        light = last.scored[FIGURES.index("light")]
        assert (light.share.total, light.rate, light.points) == (3, None, None)
        assert last.note == "本期没有计分事项"

    def test_a_red_light_counts_against_also_alone(self) -> None:
        assert self.score(light=Share(0, 0, 2)) == 0
        assert self.score(light=Share(1, 0, 2)) == 50

    def test_what_has_no_weight_does_not_make_lights_count(self) -> None:
        weights = {**DEFAULTS, "sign": Decimal(0)}
        both = self.figures(sign=Share(0, 0, 1), light=Share(1, 0, 1))
        assert ranking_of([both], weights)[0].score is None

    def test_a_figure_without_weight_gives_no_score(self) -> None:
        weights = {**DEFAULTS, "sign": Decimal(0)}
        assert ranking_of([self.figures(sign=Share(1, 0, 1))], weights)[0].score is None

    def test_equal_scores_share_a_rank_and_the_next_is_skipped(self) -> None:
        rows = [
            Figures("a", "甲局", {"sign": Share(1, 0, 2)}),
            Figures("b", "乙局", {"sign": Share(2, 0, 2)}),
            Figures("c", "丙局", {"close": Share(4, 0, 4)}),
            Figures("d", "丁局", {}),
        ]
        ranked = ranking_of(rows, DEFAULTS)
        assert [(row.name, row.rank) for row in ranked] == [
            ("丙局", 1),
            ("乙局", 1),
            ("甲局", 3),
            ("丁局", None),
        ]

    def test_a_board_is_sorted_by_any_column_and_back(self) -> None:
        rows = ranking_of(
            [
                Figures("a", "a", {"sign": Share(1, 0, 1), "close": Share(0, 0, 1)}),
                Figures("b", "b", {"sign": Share(0, 0, 1), "close": Share(1, 0, 1)}),
                Figures("c", "c", {"report": Share(1, 0, 2)}),
            ],
            DEFAULTS,
        )
        sorts = ("sign", "-sign", "name", "-name")
        names = {sort: "".join(row.name for row in sorted_by(rows, sort)) for sort in sorts}
        assert names == {"sign": "abc", "-sign": "bac", "name": "abc", "-name": "cba"}
        assert [row.name for row in sorted_by(rows, "nonsense")] == [row.name for row in rows]


def issued(task: Task, on: date, signed: date | None = None) -> None:
    """Issue a task, and have its lead sign it, at ten in the morning."""
    at = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    TaskTransition.objects.create(task=task, at=at, action="issue", from_state="draft", to_state="issued")
    if signed:
        Signature.objects.create(
            task=task,
            department=task.leads[0].department,
            user=person("department_officer"),
            at=datetime(signed.year, signed.month, signed.day, 2, tzinfo=UTC),
        )


def lit(task: Task, day: date, colour: str) -> None:
    """Keep a light."""
    LightSnapshot.objects.create(task=task, day=day, colour=colour, word=WORDS[colour], state="signed")


def share(key: str, period: Period = MAY) -> Share:
    """The figure of the only department; without cases where it does not appear."""
    found = figures_of(period)
    assert len(found) <= 1
    return found[0].shares.get(key, Share()) if found else Share()


@db
class TestFigures:
    # 2023-05-09 is a Tuesday: the third working day after it is Friday, May 12.
    @pytest.mark.parametrize(
        ("signed", "good"),
        [(date(2023, 5, 11), 1), (date(2023, 5, 12), 1), (date(2023, 5, 13), 0), (None, 0)],
    )
    def test_three_working_days_to_sign(self, signed: date | None, good: int) -> None:
        issued(TaskFactory(leads=[DepartmentFactory()]), date(2023, 5, 9), signed)
        assert share("sign") == Share(good, 0, 1)

    def test_a_holiday_lengthens_the_time_to_sign(self) -> None:
        # A Friday before the holiday of April 29 to May 3: the third day is May 6, a Saturday made up.
        period = Period(date(2023, 4, 1), date(2023, 4, 30), TODAY)
        issued(TaskFactory(leads=[DepartmentFactory()]), date(2023, 4, 28), date(2023, 5, 6))
        issued(TaskFactory(leads=[DepartmentFactory()]), date(2023, 4, 28), date(2023, 5, 7))
        assert sorted(each.shares["sign"].good for each in figures_of(period)) == [0, 1]

    def test_who_has_time_left_to_sign_has_not_failed(self) -> None:
        issued(TaskFactory(state="issued", leads=[DepartmentFactory()]), date(2023, 6, 13))
        period = Period(date(2023, 6, 1), date(2023, 6, 30), TODAY)
        assert share("sign", period).total == 0
        assert share("sign", Period(period.start, period.end, date(2023, 6, 17))).total == 1

    def test_a_year_whose_holidays_are_not_entered_is_said_and_not_guessed(self) -> None:
        issued(TaskFactory(leads=[DepartmentFactory()]), date(2040, 5, 9), date(2040, 5, 10))
        period = Period(date(2040, 5, 1), date(2040, 5, 31), date(2040, 6, 15))
        assert share("sign", period) == Share(0, 0, 0, unknown=1)
        with time_machine.travel(datetime(2040, 6, 15, tzinfo=UTC), tick=False):
            page = browser_of("supervisor").get("/tasks/ranking/").content.decode()
        assert "1 项的工作日日历未录" in page

    @pytest.mark.parametrize(
        ("state", "submitted", "expected"),
        [
            ("closed", date(2023, 5, 20), Share(1, 0, 1)),
            ("closed", date(2023, 5, 21), Share(0, 1, 1)),
            ("submitted", date(2023, 5, 19), Share(1, 0, 1)),
            ("in_progress", None, Share(0, 0, 1)),
            ("closed", None, Share(0, 0, 0)),
            ("suspended", None, Share(0, 0, 0)),
            ("draft", None, Share(0, 0, 0)),
        ],
    )
    def test_closed_in_time(self, state: str, submitted: date | None, expected: Share) -> None:
        TaskFactory(
            leads=[DepartmentFactory()], state=state, submitted_on=submitted, due_on=date(2023, 5, 20)
        )
        assert share("close") == expected

    @pytest.mark.parametrize(
        ("due", "total"),
        [(date(2023, 4, 30), 0), (date(2023, 5, 1), 1), (date(2023, 5, 31), 1)],
    )
    def test_the_period_includes_its_first_and_last_day(self, due: date, total: int) -> None:
        TaskFactory(leads=[DepartmentFactory()], due_on=due)
        assert share("close").total == total

    @pytest.mark.parametrize(("today", "total"), [(date(2023, 5, 20), 0), (date(2023, 5, 21), 1)])
    def test_the_due_day_itself_is_not_over(self, today: date, total: int) -> None:
        TaskFactory(leads=[DepartmentFactory()], due_on=date(2023, 5, 20))
        assert share("close", Period(MAY.start, MAY.end, today)).total == total

    def test_what_was_due_before_it_was_issued_counts_for_nobody(self) -> None:
        task = TaskFactory(leads=[DepartmentFactory()], due_on=date(2023, 5, 20))
        issued(task, date(2023, 5, 21), date(2023, 5, 21))
        lit(task, date(2023, 5, 22), "red")
        assert share("close").total == 0 and share("light").total == 0
        TaskTransition.objects.all().delete()
        issued(task, date(2023, 5, 20))
        assert share("close").total == 1 and share("light") == Share(0, 0, 1)

    def test_an_inherited_date_counts_like_an_own_one(self) -> None:
        TaskFactory(leads=[DepartmentFactory()], task_list=TaskListFactory(ends_on=date(2023, 5, 31)))
        assert share("close") == Share(0, 0, 1)

    def test_red_lights_count_once_a_task(self) -> None:
        unit = DepartmentFactory()
        red, green, later = TaskFactory.create_batch(3, leads=[unit])
        for task in (red, green):
            issued(task, date(2023, 5, 2))
        issued(later, date(2023, 6, 1))
        for day in (date(2023, 5, 3), date(2023, 5, 4)):
            lit(red, day, "red")
            lit(green, day, "green")
        lit(green, date(2023, 6, 1), "red")
        assert share("light") == Share(1, 0, 2)

    def test_reports_in_time_late_and_missing(self) -> None:
        unit, task_list = DepartmentFactory(), TaskListFactory(directive=DirectiveFactory())
        rule = ReportingRule.objects.create(directive=task_list.directive, rhythm="weekly")
        states = [("met", 7), ("met_late", 14), ("open", 21), ("open", 31)]
        for state, day in states:
            ReportObligation.objects.create(
                rule=rule,
                task_list=task_list,
                department=unit,
                period_start=date(2023, 5, 1),
                period_end=date(2023, 5, day),
                due_on=date(2023, 5, day),
                state=state,
                met_at=None if state == "open" else NOW,
            )
        assert share("report") == Share(1, 1, 4)
        # On the day itself the last one is not owed yet.
        assert share("report", Period(MAY.start, MAY.end, date(2023, 5, 31))) == Share(1, 1, 3)

    def test_results_that_were_sent_back(self) -> None:
        world: Campaign = campaign()
        world.task("submitted")
        world.task("returned")
        world.task("in_progress")
        assert share("return", Period(date(2023, 5, 1), date(2023, 5, 31), TODAY)) == Share(1, 0, 2)

    def test_both_leads_of_a_task_are_counted_and_supporters_are_not(self) -> None:
        units = [DepartmentFactory(name=name) for name in ("甲局", "乙局", "丙局")]
        TaskFactory(leads=units[:2], supporters=units[2:], due_on=date(2023, 5, 20))
        assert {each.name: each.shares["close"].total for each in figures_of(MAY)} == {"甲局": 1, "乙局": 1}

    def test_one_list_alone(self) -> None:
        unit = DepartmentFactory()
        task = TaskFactory(leads=[unit], due_on=date(2023, 5, 20))
        TaskFactory(leads=[unit], due_on=date(2023, 5, 20))
        assert figures_of(MAY, task.task_list)[0].shares["close"].total == 1


@db
class TestWeights:
    def values(self, **changed: int) -> dict[str, Decimal]:
        return {**DEFAULTS, **{key: Decimal(value) for key, value in changed.items()}}

    def test_until_somebody_sets_them_they_are_ours_and_provisional(self) -> None:
        weights = current_weights()
        assert weights.values == DEFAULTS and weights.provisional
        assert sum(DEFAULTS[key] for key in FIGURES) == 100

    def test_a_supervisor_sets_and_confirms_them_on_record(self) -> None:
        actor = person("supervisor")
        set_weights(
            actor=actor, at=NOW, values=self.values(sign=25, light=5), confirmed=True, basis="会议纪要"
        )
        weights = current_weights()
        assert weights.values["sign"] == 25 and not weights.provisional and weights.basis == "会议纪要"
        entry = AuditEntry.objects.get(action="assessment_weight.set")
        assert (entry.before["sign"], entry.after["sign"], entry.actor) == ("15", "25", actor)
        set_weights(actor=actor, at=NOW, values=self.values(), confirmed=False, basis="")
        assert AssessmentWeight.objects.count() == 6 and current_weights().provisional

    def test_the_record_says_what_was_set_while_it_waited(self, monkeypatch: pytest.MonkeyPatch) -> None:
        who: dict[str, Any] = {"actor": person("supervisor"), "at": NOW, "confirmed": False, "basis": ""}
        set_weights(**who, values=self.values())
        lock = AssessmentWeight.objects.select_for_update

        def somebody_is_faster() -> Any:
            AssessmentWeight.objects.filter(key="sign").update(value=20)
            return lock()

        monkeypatch.setattr(AssessmentWeight.objects, "select_for_update", somebody_is_faster)
        set_weights(**who, values=self.values(sign=25, light=5))
        entry = AuditEntry.objects.filter(action="assessment_weight.set").order_by("sequence").last()
        assert entry is not None and Decimal(entry.before["sign"]) == 20

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"sign": 16}, "合计应为 100 分，现在是 101 分"),
            ({"sign": 14}, "现在是 99 分"),
            ({"sign": -1}, "0 到 100"),
            ({"late": 101}, "0 到 100"),
        ],
    )
    def test_weights_make_a_hundred(self, changed: dict[str, int], sentence: str) -> None:
        with pytest.raises(DomainError, match=sentence):
            set_weights(
                actor=person("supervisor"), at=NOW, values=self.values(**changed), confirmed=False, basis=""
            )
        assert not AssessmentWeight.objects.exists()

    def test_a_confirmation_names_its_basis(self) -> None:
        with pytest.raises(DomainError, match="须写明依据"):
            set_weights(actor=person("supervisor"), at=NOW, values=self.values(), confirmed=True, basis=" ")

    def test_the_page_saves_and_keeps_what_was_typed_when_it_is_refused(self) -> None:
        client = browser_of("supervisor")
        sent = {key: str(value) for key, value in DEFAULTS.items()}
        refused = client.post("/tasks/ranking/weights/", {**sent, "sign": "20"})
        assert refused.status_code == 400 and "现在是 105 分" in refused.content.decode()
        assert 'value="20"' in refused.content.decode()
        assert (
            client.post("/tasks/ranking/weights/", {**sent, "sign": "10", "close": "45"}).status_code == 302
        )
        assert current_weights().values["close"] == 45


@db
class TestPages:
    def page(self, query: str = "", client: Client | None = None) -> str:
        with time_machine.travel(NOW, tick=False):
            answer = (client or browser_of("supervisor")).get(f"/tasks/ranking/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    def test_the_numbers_stand_behind_the_rank(self) -> None:
        task = TaskFactory(
            leads=[DepartmentFactory(name="水务局")],
            due_on=date(2023, 5, 20),
            state="closed",
            submitted_on=date(2023, 5, 22),
        )
        issued(task, date(2023, 5, 9), date(2023, 5, 10))
        page = self.page("?start=2023-05-01&end=2023-05-31")
        assert "水务局" in page and "逾期补 1" in page and "71.43" in page and "待确认" in page

    def nothing_counted(self) -> None:
        """A task that is running and neither due nor late to be signed, beside one that is late."""
        issued(TaskFactory(leads=[DepartmentFactory(name="林草局")], due_on=date(2023, 6, 30)), TODAY)
        late = TaskFactory(leads=[DepartmentFactory(name="水务局")], due_on=date(2023, 6, 9))
        issued(late, date(2023, 6, 5))

    def test_who_had_nothing_to_count_stands_last_without_points_and_rank(self) -> None:
        self.nothing_counted()
        with time_machine.travel(NOW, tick=False):
            client = browser_of("supervisor")
            rows = client.get("/tasks/ranking/?start=2023-06-01").context["page"].object_list
            data = client.get("/api/v1/ranking/?start=2023-06-01").json()["results"]
            sheet = sheet_of(client.get("/tasks/ranking/ranking.xlsx?start=2023-06-01").content)
        # Unsigned after three working days and overdue: nothing of 15 and 40, no red light kept.
        assert [(row.name, row.rank) for row in rows] == [("水务局", 1), ("林草局", None)]
        assert rows[0].score < 50
        assert [(row["rank"], row["score"], row["note"]) for row in data][1] == (
            *(None, None),
            "本期没有计分事项",
        )
        lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert lines[2][:3] == ["—", "林草局", "—"] and lines[2][-1] == "本期没有计分事项"
        page = self.page("?start=2023-06-01")
        assert "本期没有计分事项" in page and "不单独计分" in page

    def test_the_bulletin_praises_nobody_for_nothing(self) -> None:
        self.nothing_counted()
        facts = gather(start=date(2023, 6, 1), end=TODAY, today=TODAY, task_list=None)
        assert [(unit.name, unit.rank, unit.score == "") for unit in facts.units] == [
            ("水务局", 1, False),
            ("林草局", None, True),
        ]
        text = compose(facts, date(2023, 6, 1), TODAY, "市政府督查室", TODAY)
        assert "予以表扬" not in str(text.sections)

    def test_an_empty_period_says_what_would_fill_it(self) -> None:
        assert "没有可以排名的部门" in self.page()

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("?start=2023-06-01&end=2023-05-01", "起始日期应不晚于结束日期"),
            ("?start=2023-99-01", "有效的日期"),
            ("?end=9999-12-31", "年份应为"),
            ("?list=999999", "选项"),
        ],
    )
    def test_a_period_that_cannot_be_is_said(self, query: str, sentence: str) -> None:
        page = self.page(query)
        assert sentence in page and "下面是今年以来的排名" in page

    def test_the_ranking_leaves_as_a_workbook_with_numbers(self) -> None:
        TaskFactory(leads=[DepartmentFactory(name="水务局")], due_on=date(2023, 5, 20))
        with time_machine.travel(NOW, tick=False):
            answer = browser_of("supervisor").get(
                "/tasks/ranking/ranking.xlsx?start=2023-05-01&end=2023-05-31"
            )
        sheet = sheet_of(answer.content)
        head = [cell.value for cell in sheet[1]]
        row = dict(zip(head, [cell.value for cell in sheet[2]], strict=True))
        assert (row["名次"], row["部门"], row["总分"]) == (1, "水务局", 0)
        assert (row["按期完成应计"], row["按期完成按时"], row["按时签收得分"]) == (1, 0, "—")

    def test_the_year_end_sheet_holds_values_weights_and_score(self) -> None:
        unit = DepartmentFactory(name="=水务局")
        TaskFactory(leads=[unit], due_on=date(2023, 5, 20), state="closed", submitted_on=date(2023, 5, 20))
        with time_machine.travel(NOW, tick=False):
            answer = browser_of("supervisor").get("/tasks/ranking/assessment-2023.xlsx")
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")
        sheet = sheet_of(answer.content)
        texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert sheet.title == "2023年度考核表" and texts[0][0] == "2023年度督查任务考核表"
        assert (
            "待确认" in texts[1][0]
            and texts[2][2] == "按时签收（15分）"
            and texts[2][12] == "按期完成（40分）"
        )
        assert texts[4][:2] == [1, "=水务局"] and texts[4][12:17] == [1, 1, 0, 100, 40]
        assert texts[4][27] == 100 and sheet["B5"].data_type == "s"

    def test_the_year_end_sheet_can_be_read_on_paper(self) -> None:
        with time_machine.travel(NOW, tick=False):
            answer = browser_of("supervisor").get("/tasks/ranking/assessment-2023.xlsx")
        sheet = sheet_of(answer.content)
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize, setup.fitToWidth) == ("landscape", 8, 1)
        # A column is about 1.85 mm for each of its characters at 11 points; A3 is 420 mm wide.
        columns = sheet.column_dimensions.values()
        wide = sum(column.width * (column.max - column.min + 1) for column in columns) * 1.85
        paper = 420 - (sheet.page_margins.left + sheet.page_margins.right) * 25.4
        assert 11 * min(1, paper / wide) >= 9

    @pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
    def test_the_ranking_is_the_supervisors_alone(self, role: str | None) -> None:
        client = browser_of(role)
        wanted = 200 if role == Role.SUPERVISOR else 302 if role == "anonymous" else 403
        paths = ("", "ranking.xlsx", "assessment-2023.xlsx", "weights/")
        assert {client.get(f"/tasks/ranking/{path}").status_code for path in paths} == {wanted}
        sent = {key: str(value) for key, value in DEFAULTS.items()}
        client.post("/tasks/ranking/weights/", sent)
        assert AssessmentWeight.objects.exists() == (role == Role.SUPERVISOR)

    def test_any_number_of_tasks_costs_the_same_queries(self) -> None:
        client, costs = browser_of("supervisor"), []
        with time_machine.travel(NOW, tick=False):
            for number in (1, 5, 20):
                for n in range(number):
                    task = TaskFactory(
                        leads=[DepartmentFactory()], due_on=date(2023, 5, 1) + timedelta(days=n)
                    )
                    issued(task, date(2023, 3, 1), date(2023, 3, 2))
                client.get("/tasks/ranking/")
                cache.clear()
                with CaptureQueriesContext(connection) as captured:
                    client.get("/tasks/ranking/")
                costs.append(len(captured))
        assert len(set(costs)) == 1 and costs[0] <= 15, costs
