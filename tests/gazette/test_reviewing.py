"""A preview as the page shows it."""

from typing import Any

import pytest

from gazette.comparing import Run, compared
from gazette.fieldwords import in_words
from gazette.reviewing import review_of


def record(key: str, status: str = "new", line: int = 1, kind: str = "event", **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "status": status, "label": f"记录{key}", "line": line, **more}


def preview(
    records: list[dict[str, Any]], lines_of_warnings: tuple[int, ...] = (), **more: Any
) -> dict[str, Any]:
    warnings = [
        {"line": n, "code": "odd", "message": f"第{n}处", "source": [{"line": n, "text": "原文"}]}
        for n in lines_of_warnings
    ]
    return {"records": records, "warnings": warnings, "lines": 99, "title": "青河市公报", **more}


def test_records_are_sorted_by_what_becomes_of_them() -> None:
    review = review_of(
        preview(
            [record("1"), record("2", "changed"), record("3", "conflict"), record("4", "unchanged")], (1,)
        )
    )
    groups = (review.new, review.changed, review.conflicts, review.unchanged)
    assert [[r.key for r in group] for group in groups] == [["1"], ["2"], ["3"], ["4"]]
    assert (review.writes, review.doubtful) == (2, 2)


@pytest.mark.parametrize(("line", "key"), [(4, None), (5, "a"), (9, "a"), (10, "b"), (99, "b")])
def test_a_doubtful_line_belongs_to_the_record_that_begins_before_it(line: int, key: str | None) -> None:
    (doubt,) = review_of(preview([record("b", line=10), record("a", line=5)], (line,))).doubts
    assert (doubt.record.key if doubt.record else None) == key


def test_doubts_about_words_come_last_and_closed() -> None:
    warnings = [
        {"line": 2, "code": "name_variant", "message": "人名", "source": []},
        {"line": 9, "code": "bad_date", "message": "日期", "source": []},
    ]
    doubts = review_of({"records": [], "warnings": warnings}).doubts
    assert [(d.number, d.message, d.is_open) for d in doubts] == [(1, "日期", True), (2, "人名", False)]


def test_doubts_are_counted_with_the_kind_they_touch() -> None:
    counts = {"event": {"new": 2, "changed": 0, "conflict": 1, "unchanged": 3}, "task": {"new": 1}}
    review = review_of(
        preview([record("a", line=5), record("t", line=20, kind="task")], (6, 21, 22), by_kind=counts)
    )
    assert [(row.word, row.new, row.unchanged, row.doubtful) for row in review.by_kind] == [
        ("大事记", 2, 3, 2),
        ("政策文件", 0, 0, 0),
        ("任务", 1, 0, 2),
        ("防内涝方案", 0, 0, 0),
    ]


def test_an_empty_preview_is_an_empty_review() -> None:
    review = review_of({})
    assert (review.writes, review.doubtful, review.lines) == (0, 0, 0)


def test_a_change_is_shown_side_by_side_with_its_field_in_chinese() -> None:
    change = {"field": "text", "before": "召开会议", "after": "召开大会议", "conflict": True}
    (found,) = review_of(preview([record("1", "conflict", changes=[change])])).conflicts
    (shown,) = found.changes
    assert (shown.label, shown.conflict) == ("正文", True)
    assert shown.after == (Run("召开"), Run("大", "ins"), Run("会议"))


@pytest.mark.parametrize(
    ("before", "after"),
    [([], ["新"]), (["旧"], []), (["甲乙丙"], ["甲丁丙"]), (["甲", "乙"], ["甲", "丙", "丁"]), ([], [])],
)
def test_both_sides_of_a_comparison_can_be_read_back(before: list[str], after: list[str]) -> None:
    old, new = compared(before, after)
    assert "".join(run.text for run in old).split() == before
    assert "".join(run.text for run in new).split() == after
    assert all(run.mark in ("same", "del") for run in old)
    assert all(run.mark in ("same", "ins") for run in new)


def test_what_two_long_lists_share_is_not_shown_in_full() -> None:
    lines = [f"第{n}条" for n in range(500)]
    old, new = compared([*lines, "旧"], [*lines, "新"])
    assert old[0].text == new[0].text == "… 500 行相同\n"
    assert new[-1] == Run("新\n", "ins")


def test_a_very_long_addition_is_cut_with_its_size_named() -> None:
    _, new = compared(["甲", "乙"], [f"第{n}条" for n in range(500)])
    assert "另 440 行" in new[-1].text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("text", None, []),
        ("citations", [], []),
        ("is_public", False, ["否"]),
        ("departments", ["住建局", "公安局"], ["住建局", "公安局"]),
        ("officials", [["某甲", "市长", "某申"], ["某乙", "", "某乙"]], ["市长 某甲（印作某申）", "某乙"]),
        ("lead", [["城管执法局", "执法局"], ["公安局", "公安局"]], ["城管执法局（印作执法局）", "公安局"]),
        ("milestones", [["start", "2031-08-01", "8月"]], ["开始 2031-08-01 8月"]),
        ("annexes", [["附件1", "评分表", False, ""]], ["附件1 评分表（原文未附）"]),
        ("rosters", [["专班", 0, 0, [["组长", "某甲", "市长", False]]]], ["专班 1 人"]),
        ("sections", [[1, "一", "总则", "正文", 0]], ["一 总则 正文"]),
        ("stages", [["动员", "2031-08-01", None, 3]], ["动员 2031-08-01 至"]),
        ("text", "甲\n乙", ["甲", "乙"]),
    ],
)
def test_values_are_put_in_words(name: str, value: Any, words: list[str]) -> None:
    assert in_words(name, value) == words


def test_a_new_record_shows_its_facts_a_single_day_once() -> None:
    after = {
        "start_date": "2031-08-03",
        "end_date": "2031-08-03",
        "text": "召开会议。",
        "officials": [["某甲", "市长", "某甲"]],
        "departments": [],
    }
    (found,) = review_of(preview([record("1", after=after)])).new
    assert [(fact.label, fact.text) for fact in found.facts] == [
        ("起始日期", "2031-08-03"),
        ("正文", "召开会议。"),
        ("人员", "市长 某甲"),
    ]


@pytest.mark.parametrize("code", ["unplaced", "bad_date", "undated", "empty_entry"])
def test_what_becomes_no_record_is_not_shown_with_the_record_above(code: str) -> None:
    warning = {"line": 9, "code": code, "message": "“31日”不是有效的日期", "source": []}
    review = review_of({"records": [record("a", line=5)], "warnings": [warning]})
    (doubt,) = review.doubts
    assert (doubt.left_out, doubt.record) == (True, None)
    assert review.by_kind[0].doubtful == 1


def test_another_doubt_belongs_to_its_record() -> None:
    (doubt,) = review_of(preview([record("a", line=5)], (6,))).doubts
    assert (doubt.left_out, doubt.record.key if doubt.record else "") == (False, "a")


def moved(*fields: str) -> list[dict[str, Any]]:
    return [{"field": name, "before": 1, "after": 2, "conflict": False} for name in fields]


def test_records_of_which_only_the_place_changes_are_set_apart_and_written() -> None:
    review = review_of(
        preview(
            [
                record("1", "changed", changes=moved("position")),
                record("2", "changed", changes=moved("order"), kind="task"),
                record("3", "changed", changes=moved("position", "text")),
                record("4", "conflict", changes=moved("position")),
            ]
        )
    )
    assert [r.key for r in review.shifted] == ["1", "2"]
    assert [r.key for r in review.changed] == ["3"]
    assert [r.key for r in review.conflicts] == ["4"]
    assert review.writes == 3
