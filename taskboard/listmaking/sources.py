"""From what people chose to a plan that they look at."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from directives.models import Directive, Section
from foundation.errors import InvalidInput
from organizations.access import StaffRequest
from organizations.services import NameDirectory
from taskboard.listmaking.forms import ANNEX, BODY
from taskboard.listmaking.fromdirective import tasks_of
from taskboard.listmaking.plan import MOST_TASKS, Plan, PlannedTask, blank_task, checked, copied
from taskboard.models import TaskList
from taskboard.tasksheets.previews import lines_of, names_for
from taskboard.tasksheets.reading import read_sheet

Origin = TaskList.Origin
NOT_IMPORTED = (
    "这份文件的公报原文还没有导入，只有标题、名单和日期，没有条目可以成为任务。"
    "请编辑人员先在账户菜单“导入公报”中导入原文，再由文件生成；也可以从表格导入或手工建立。"
)
NO_TEXT = "这份文件没有正文和附件，没有条目可以成为任务。请先补上文件的条目，或从表格导入、手工建立。"


def plan_of(request: StaffRequest, origin: str, given: dict[str, Any]) -> Plan:
    """The plan of an origin; InvalidInput where nothing can be made of it."""
    made = {
        Origin.HAND.value: _by_hand,
        Origin.SHEET.value: _from_sheet,
        Origin.TEMPLATE.value: _from_list,
        Origin.DIRECTIVE.value: _from_directive,
    }[origin](request, given)
    if not made.rows:
        raise InvalidInput("没有找到任务，请换一个来源，或手工建立。")
    if len(made.rows) > MOST_TASKS:
        raise InvalidInput(f"一次最多建立 {MOST_TASKS} 项任务，这里有 {len(made.rows)} 项，请分成几份。")
    return made


def _by_hand(request: StaffRequest, given: dict[str, Any]) -> Plan:
    return Plan(Origin.HAND.value, rows=[blank_task() for _ in range(given["rows"])])


def _from_sheet(request: StaffRequest, given: dict[str, Any]) -> Plan:
    """Every line is a new task: numbers and marks of the list it came from are left out."""
    name, lines = lines_of(given["file"])
    names = names_for(request.user)
    heading = lines[0] if lines else []
    dropped = {place for place, word in enumerate(heading) if word in ("编号", "校验码")}
    plain = [[cell for place, cell in enumerate(line) if place not in dropped] for line in lines]
    sheet = read_sheet(plain, list_id=0, known={}, names=names, issued_too=False)
    rows = [PlannedTask(line.values, errors=line.errors) for line in sheet.lines]
    return Plan(Origin.SHEET.value, title=name.rsplit(".", 1)[0], rows=rows)


def _from_list(request: StaffRequest, given: dict[str, Any]) -> Plan:
    source, ends_on = given["source"], given.get("ends_on")
    shift = timedelta(days=given.get("shift") or 0)
    if ends_on is not None and source.ends_on is not None:
        shift = ends_on - source.ends_on
    tasks = source.tasks.prefetch_related("duties__department", "milestones", "targets").order_by("order")
    old_end = source.ends_on + shift if source.ends_on else None
    try:
        rows = [copied(task, shift) for task in tasks]
    except OverflowError:
        raise InvalidInput("顺延后的日期超出日历，请改小顺延天数。") from None
    return Plan(
        Origin.TEMPLATE.value,
        title=f"{source.title}（新）"[:200],
        ends_on=ends_on or old_end,
        directive=source.directive_id,
        rows=rows,
    )


def _from_directive(request: StaffRequest, given: dict[str, Any]) -> Plan:
    directive: Directive = given["directive"]
    sections = list(Section.objects.filter(directive=directive).order_by("order"))
    if not any(section.text for section in sections):
        raise InvalidInput(NO_TEXT if directive.is_issued_here else NOT_IMPORTED)
    annexed = [section for section in sections if section.annex_id is not None]
    body = [section for section in sections if section.annex_id is None]
    chosen = {ANNEX: annexed, BODY: body}.get(given.get("scope", ""), annexed or body)
    directory = NameDirectory(actor=request.user, at=timezone.now())

    def own(name: str) -> str:
        found = directory.find_department(name)
        return found.name if found else name

    year = directive.issued_on.year if directive.issued_on else timezone.localdate().year
    names = names_for(request.user)
    planned = tasks_of(chosen, year, own)
    rows = [PlannedTask(r.values, r.keep, r.milestones, errors=checked(r, names).errors) for r in planned]
    title = (directive.plan_title or directive.title)[:190]
    return Plan(Origin.DIRECTIVE.value, f"{title}任务清单"[:200], None, directive.pk, rows)
