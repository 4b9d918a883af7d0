"""The task list of the real gazette: read by eye, part by part."""

from datetime import date

import pytest

from gazette.parser.records import Gazette, Task

# How many tasks stand under each subsection, part by part.
COUNTS = ((2, 3, 4, 3), (8, 6), (6, 1), (2, 9, 11, 5, 2, 5, 5), (4, 7, 4), (4, 6, 4), (4, 2))
NUMERALS = "一二三四五六七"

# part, subsection, number: due date and the earlier date, if any
DUE = {
    ("一", "一", "1"): date(2022, 10, 31),
    ("一", "三", "3"): date(2022, 10, 31),
    ("四", "二", "3"): date(2022, 7, 31),
    ("五", "二", "2"): date(2022, 10, 31),
    ("五", "二", "5"): date(2022, 10, 31),
    ("五", "二", "6"): date(2022, 10, 31),
    ("六", "二", "2"): date(2022, 8, 31),
    ("六", "二", "4"): date(2022, 8, 31),
    ("六", "三", "4"): date(2022, 8, 31),
}
TWO_LEADS = {("四", "四", str(n)) for n in range(1, 6)}
LEAD_TOTALS = {
    "住建局": 63,
    "城管执法局": 26,
    "自然资源局": 12,
    "公安局": 9,
    "交通运输局": 1,
    "景区管理局": 1,
}
# Responsibility brackets that are hard to read: on a line of their own, broken by a page, half-width.
HARD_BRACKETS: tuple[tuple[str, str, str, list[str], list[str]], ...] = (
    ("三", "二", "", ["住建局"], []),
    ("四", "二", "1", ["住建局"], ["卫健委", "城管执法局", "街道办事处"]),
    (
        "四",
        "三",
        "8",
        ["城管执法局"],
        ["住建局", "自然资源局", "生态环境分局", "市场监管局", "公安局", "街道办事处"],
    ),
    ("二", "一", "3", ["住建局"], ["财政局"]),
    ("二", "二", "1", ["公安局"], ["自然资源局"]),
    ("四", "四", "5", ["公安局", "城管执法局"], ["生态环境分局", "住建局"]),
    ("六", "三", "2", ["住建局"], ["应急管理局", "融媒体中心"]),
    ("六", "三", "3", ["住建局"], ["应急管理局", "交通运输局"]),
    ("四", "一", "2", ["城管执法局"], ["融媒体中心", "街道办事处"]),
)


def place_of(task: Task) -> tuple[str, str, str]:
    """The numbers of part and subsection, and the task's own."""
    return task.part.split("、")[0], task.subsection[1 : task.subsection.index("）")], task.number


def task_at(seed: Gazette, place: tuple[str, str, str]) -> Task:
    """The one task at a place."""
    found = [task for task in seed.tasks if place_of(task) == place]
    assert len(found) == 1
    return found[0]


def test_the_tasks_stand_in_order_under_their_parts_and_subsections(seed: Gazette) -> None:
    expected = [
        (NUMERALS[p], NUMERALS[s], "" if (p, s) == (2, 1) else str(n))
        for p, subsections in enumerate(COUNTS)
        for s, count in enumerate(subsections)
        for n in range(1, count + 1)
    ]
    assert [place_of(task) for task in seed.tasks] == expected


def test_part_and_subsection_are_named_as_printed_with_full_width_brackets(seed: Gazette) -> None:
    assert len({task.part for task in seed.tasks}) == 7
    assert len({(task.part, task.subsection) for task in seed.tasks}) == 23
    assert seed.tasks[0].part == "一、攻坚推进城市规划体系建设、管控和用地审批"
    assert seed.tasks[0].subsection == "（一）推进规划体系建设"
    assert task_at(seed, ("二", "二", "1")).subsection == "（二）推进交通设施管理"


def test_all_tasks_belong_to_the_document_that_carries_the_list(seed: Gazette) -> None:
    titles = {task.directive for task in seed.tasks}
    assert titles == {d.title for d in seed.directives if "精细化管理百日攻坚" in d.title}


def test_lead_totals_after_aliases(seed: Gazette) -> None:
    totals = {name: sum(name in task.lead for task in seed.tasks) for name in LEAD_TOTALS}
    assert totals == LEAD_TOTALS
    assert {name for task in seed.tasks for name in task.lead} == set(LEAD_TOTALS)


def test_five_tasks_have_two_leads(seed: Gazette) -> None:
    assert {place_of(task) for task in seed.tasks if len(task.lead) > 1} == TWO_LEADS


def test_nine_tasks_have_a_due_date_of_their_own(seed: Gazette) -> None:
    assert {place_of(task): task.due_on for task in seed.tasks if task.due_on is not None} == DUE


def test_due_text_is_printed_where_there_is_a_date_and_empty_elsewhere(seed: Gazette) -> None:
    for task in seed.tasks:
        assert bool(task.due_text) == (task.due_on is not None)


def test_an_earlier_date_of_a_task_is_a_milestone(seed: Gazette) -> None:
    milestones = [(m.kind, m.on) for m in task_at(seed, ("四", "二", "3")).milestones]
    assert milestones == [("milestone", date(2022, 7, 26))]


@pytest.mark.parametrize("place", [("六", "二", "4"), ("六", "三", "4")])
def test_the_date_of_a_beginning_is_labelled_as_a_start(seed: Gazette, place: tuple[str, str, str]) -> None:
    assert "start" in {m.kind for m in task_at(seed, place).milestones}


@pytest.mark.parametrize(("part", "subsection", "number", "lead", "support"), HARD_BRACKETS)
def test_a_bracket_that_is_hard_to_read(
    seed: Gazette, part: str, subsection: str, number: str, lead: list[str], support: list[str]
) -> None:
    task = task_at(seed, (part, subsection, number))
    assert (list(task.lead), list(task.support)) == (lead, support)


def test_the_text_is_clean(seed: Gazette) -> None:
    for task in seed.tasks:
        assert not any(scrap in task.text for scrap in ("牵头部门", "配合部门", "<sup>", "\n", "#"))
        assert not task.text[0].isdigit()
        assert task.text == task.text.strip()
    assert "m²" in task_at(seed, ("三", "二", "")).text


def test_no_department_of_the_list_is_unknown(seed: Gazette) -> None:
    assert {name for task in seed.tasks for name in task.support} <= {
        "住建局", "城管执法局", "自然资源局", "公安局", "交通运输局", "景区管理局", "财政局", "街道办事处",
        "消防救援大队", "林草局", "水利局", "生态环境分局", "市场监管局", "融媒体中心", "卫健委", "工信局",
        "应急管理局", "发改委", "民政局", "政务服务局",
    }  # fmt: skip
    assert not [w for w in seed.warnings if w.code == "department_unknown"]
