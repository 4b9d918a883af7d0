"""What was typed into the rows of a document, as its content; errors stand on their rows."""

import re
from datetime import date
from typing import Any

from directives.writing.rows import Row, Rows

DIVIDERS = re.compile(r"\s*[｜|\t]\s*")
LENGTHS = {
    "section": {"number": 12, "heading": 200},
    "annex": {"label": 20, "title": 200},
    "roster": {"name": 200},
    "stage": {"name": 80},
}
NAMES = {"number": "序号", "heading": "标题", "label": "附件号", "title": "标题", "name": "名称"}


def parts_from(rows: Rows) -> dict[str, Any]:
    """The keys ``sections annexes rosters stages`` of a content. Rows with ``error`` say what is wrong."""
    for kept in rows.kinds.values():
        for row in kept:
            row.error = "" if row.gone else _too_long(row)
    annexes = {row.key: place for place, row in enumerate(rows.standing("annex"), start=1)}
    # The body comes first, then the annexes in their order.
    ordered = sorted(rows.standing("section"), key=lambda row: annexes.get(row.values["annex"], 0))
    sections = {row.key: place for place, row in enumerate(ordered, start=1)}
    return {
        "annexes": [_annex(row) for row in rows.standing("annex")],
        "sections": [_section(row, annexes) for row in ordered],
        "rosters": [_roster(row, annexes, sections) for row in rows.standing("roster")],
        "stages": [_stage(row, sections) for row in rows.standing("stage")],
    }


def errors_in(rows: Rows) -> list[Row]:
    """The rows with something wrong."""
    return [row for kept in rows.kinds.values() for row in kept if row.error and not row.gone]


def _too_long(row: Row) -> str:
    for name, most in LENGTHS[row.kind].items():
        if len(row.values[name]) > most:
            return f"{NAMES[name]}最多 {most} 字，现有 {len(row.values[name])} 字。"
    return ""


def _annex(row: Row) -> list[Any]:
    values = row.values
    printed = values["printed"] != "0"
    if not values["title"]:
        row.error = "请填写附件标题。"
    if not printed and values["text"]:
        row.error = "注明“原文未附”的附件不能有正文，请改为“已印”或清空正文。"
    return [values["label"], values["title"], printed, values["text"]]


def _section(row: Row, annexes: dict[str, int]) -> list[Any]:
    values = row.values
    if values["depth"] not in ("1", "2", "3", "4"):
        row.error = "请选择层级。"
    if not values["heading"] and not values["text"]:
        row.error = "标题和正文都是空的：请填写，或移除此条。"
    depth = int(values["depth"]) if not row.error else 1
    return [depth, values["number"], values["heading"], values["text"], annexes.get(values["annex"], 0)]


def _roster(row: Row, annexes: dict[str, int], sections: dict[str, int]) -> list[Any]:
    values = row.values
    members = [_member(row, line) for line in values["members"].splitlines() if line.strip()]
    if not values["name"]:
        row.error = "请填写名单名称。"
    elif not members:
        row.error = "名单没有成员：每行一人，按“职责｜姓名｜职务”填写。"
    annex, section = annexes.get(values["annex"], 0), sections.get(values["section"], 0)
    return [values["name"], annex, section, members]


def _member(row: Row, line: str) -> list[Any]:
    role, name, post, concurrent = [*DIVIDERS.split(line.strip()), "", "", ""][:4]
    if not name or len(role) > 40 or len(name) > 40 or len(post) > 120 or concurrent not in ("", "兼"):
        row.error = f"“{line.strip()[:30]}”不能识别：请按“职责｜姓名｜职务”填写，兼任的再加“｜兼”。"
    return [role, name, post, concurrent == "兼"]


def _stage(row: Row, sections: dict[str, int]) -> list[Any]:
    values = row.values
    days = []
    for name in ("starts_on", "ends_on"):
        try:
            days.append(date.fromisoformat(values[name]) if values[name] else None)
        except ValueError:
            days.append(None)
            row.error = "日期不能识别，请按 2023-05-08 的样式填写。"
    starts, ends = days
    if not values["name"]:
        row.error = "请填写阶段名称。"
    elif starts and ends and ends < starts:
        row.error = "结束日期早于开始日期，请更正。"
    place = sections.get(values["section"], 0)
    return [values["name"], starts and starts.isoformat(), ends and ends.isoformat(), place]
