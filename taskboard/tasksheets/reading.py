"""A filled-in sheet, line by line: what it would change, and what is wrong with it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from foundation.errors import InvalidInput
from foundation.workbooks import FORMULA
from taskboard.plausible import FIRST_YEAR, LAST_YEAR, is_plausible
from taskboard.tasksheets.columns import (
    DIVIDER,
    FIELDS,
    LONGEST,
    MARK_HEAD,
    NEEDED,
    NUMBER_HEAD,
    check_mark,
)

Names = Callable[[str], str | None]
SAID_ALREADY = "内容与清单里的任务或表中前面一行完全相同，没有重复新增。"
DIVIDERS = str.maketrans(dict.fromkeys(",，;；/\n", DIVIDER))


@dataclass(frozen=True, slots=True)
class KnownTask:
    """What is on record of a task that a line names."""

    state: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after."""

    field: str
    before: str
    after: str

    @property
    def word(self) -> str:
        """The heading of its column."""
        return FIELDS[self.field]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line: a new task, or a change of the one with the number and mark."""

    line: int
    number: int | None
    mark: str
    values: dict[str, str]
    changes: tuple[Change, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines that would do something or are wrong, and how many change nothing."""

    lines: list[SheetLine] = field(default_factory=list)
    unchanged: int = 0

    @property
    def good(self) -> list[SheetLine]:
        """Lines without an error."""
        return [line for line in self.lines if not line.errors]

    @property
    def bad(self) -> list[SheetLine]:
        """Lines with an error."""
        return [line for line in self.lines if line.errors]


def read_sheet(
    lines: Sequence[Sequence[str]],
    *,
    list_id: int,
    known: Mapping[int, KnownTask],
    names: Names,
    issued_too: bool,
) -> Sheet:
    """Check a sheet against the list's tasks by number.

    ``names`` finds a department's own name by any of its names; ``issued_too``
    says whether the reader may correct what has been issued.
    """
    places = _places(lines)
    found, unchanged, seen = [], 0, set[int]()
    said = [dict(entry.values) for entry in known.values()]
    for at, cells in enumerate(lines[1:], start=2):
        typed = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
        if not any(typed.values()):
            continue
        line = _read(at, typed, names, known)
        line = _compared(line, known, list_id, issued_too) if line.number else _new(line, said)
        if line.number and line.number in seen:
            line = replace(line, errors=(f"编号 {line.number} 在表中出现了两次。",))
        seen.add(line.number or 0)
        if line.number and not line.errors and not line.changes:
            unchanged += 1
            continue
        found.append(line)
    return Sheet(found, unchanged)


def _places(lines: Sequence[Sequence[str]]) -> dict[str, int]:
    """Where each column stands; columns that are not known are left out."""
    if not lines or not any(lines):
        raise InvalidInput("表格是空的，请先导出清单或下载模板填写。")
    wanted = {NUMBER_HEAD: NUMBER_HEAD, MARK_HEAD: MARK_HEAD, **{word: key for key, word in FIELDS.items()}}
    places: dict[str, int] = {}
    for place, name in enumerate(lines[0]):
        if name in wanted and wanted[name] in places:
            raise InvalidInput(f"表头“{name}”出现了两次，请保留一列。")
        if name in wanted:
            places[wanted[name]] = place
    missing = [FIELDS[key] for key in NEEDED if key not in places]
    if missing:
        raise InvalidInput(f"第一行缺少表头：{'、'.join(missing)}。请用导出的表格或模板填写。")
    return places


def _read(at: int, typed: Mapping[str, str], names: Names, known: Mapping[int, KnownTask]) -> SheetLine:
    errors = [f"{FIELDS[key]}是公式，请改为文字或日期。" for key in FIELDS if typed.get(key) == FORMULA]
    number, wrong = _whole(typed.get(NUMBER_HEAD, ""))
    entry = known.get(number or 0)
    # A column that the sheet does not have stays as it is.
    kept = entry.values if entry else dict.fromkeys(FIELDS, "")
    values = {key: typed[key] if key in typed else kept[key] for key in FIELDS}
    if not errors and not wrong:
        values, errors = check_values(values, names, kept)
    else:
        values = {key: "" if text == FORMULA else text for key, text in values.items()}
    mark = typed.get(MARK_HEAD, "")
    if number is None and mark and not wrong:
        errors.append("有校验码而没有编号：新增任务请把校验码也留空。")
    return SheetLine(at, number, mark, values, errors=(*wrong, *errors))


def _whole(text: str) -> tuple[int | None, list[str]]:
    if not text:
        return None, []
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        return None, [f"编号应为导出时的数字，现在是“{text}”；新增任务请留空。"]
    return int(text), []


def check_values(
    values: Mapping[str, str], names: Names, kept: Mapping[str, str] | None = None
) -> tuple[dict[str, str], list[str]]:
    """What a task would say, departments by their own names, and what is wrong with it.

    What stands as it was in ``kept`` is not asked about again.
    """
    kept = kept or dict.fromkeys(FIELDS, "")
    checked, errors = dict(values), []
    for key, most in LONGEST.items():
        if len(values[key]) > most:
            errors.append(f"{FIELDS[key]}最多 {most} 字，现在是 {len(values[key])} 字。")
        if "\0" in values[key]:
            errors.append(f"{FIELDS[key]}含有不能保存的字符。")
    if not values["title"]:
        errors.append("请填写任务。")
    for key in ("lead", "support"):
        if values[key] != kept[key]:
            checked[key], unknown = _departments(values[key], names)
            errors += [f"没有“{name}”这个部门，请用部门的规范名称或别名。" for name in unknown]
    both = set(checked["lead"].split(DIVIDER)) & set(checked["support"].split(DIVIDER)) - {""}
    errors += [f"{name}不能既牵头又配合。" for name in sorted(both)]
    if not checked["lead"] and (not kept["title"] or kept["lead"]):
        errors.append("请填写牵头部门。")
    if values["due_on"] != kept["due_on"]:
        checked["due_on"], wrong = _day(values["due_on"])
        errors += wrong
    return checked, errors


def _departments(text: str, names: Names) -> tuple[str, list[str]]:
    given = [name.strip() for name in text.translate(DIVIDERS).split(DIVIDER) if name.strip()]
    found = {name: names(name) for name in given}
    own = dict.fromkeys(name for name in found.values() if name)
    unknown = [name for name, department in found.items() if department is None]
    return text if unknown else DIVIDER.join(own), unknown


def _day(text: str) -> tuple[str, list[str]]:
    if not text:
        return "", []
    plain = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    # A cell that holds a time of day besides counts as its day.
    parts = plain.split(" ")[0].split("T")[0].split("-")
    try:
        day = date(*(int(part) for part in parts))
    except (ValueError, TypeError, OverflowError):
        return text, [f"完成时限应为日期（如 2026-10-31），现在是“{text}”。"]
    if not is_plausible(day):
        return text, [f"完成时限的年份应为 {FIRST_YEAR} 到 {LAST_YEAR}，现在是“{text}”。"]
    return day.isoformat(), []


def _new(line: SheetLine, said: list[dict[str, str]]) -> SheetLine:
    """A line without a number, unless the list or an earlier line says the same."""
    if line.errors:
        return line
    if line.values in said:
        return replace(line, errors=(SAID_ALREADY,))
    said.append(line.values)
    return line


def _compared(line: SheetLine, known: Mapping[int, KnownTask], list_id: int, issued_too: bool) -> SheetLine:
    """The line with what it changes, or with what speaks against it."""
    entry = known.get(line.number or 0)
    if entry is None:
        return replace(line, errors=(f"编号 {line.number} 不是本清单的任务，新增任务请留空编号和校验码。",))
    changes = tuple(
        Change(key, entry.values[key], line.values[key])
        for key in FIELDS
        if entry.values[key] != line.values[key]
    )
    line = replace(line, changes=changes)
    if not changes:
        return line
    wrong = check_mark(list_id, line.number or 0, entry.values, line.mark)
    if wrong:
        return replace(line, errors=(wrong,))
    if entry.state == "closed":
        return replace(line, errors=("任务已办结，不能由表格改动；确需更正的请先重新办理。",))
    if entry.state != "draft" and not issued_too:
        return replace(line, errors=("任务已下发，只有督查人员可以更正。",))
    return line
