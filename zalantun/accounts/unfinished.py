"""What a person has begun and not brought to its end: drafts, lists, inspections, matters under supervision.

Nothing of it is locked to its author. Still somebody has to know that it is theirs now.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from foundation.publication import DRAFT, REVIEW
from gazette.desk.queues import KINDS, MINE, QUEUES, Asked, rows_of
from gazette.desk.views import page_of
from gazette.models import ImportRun, Issue
from organizations.models import Role, User
from organizations.succession import works_for
from taskboard.models import Bulletin, Inspection, Listing, Task, TaskList

DESK, SUPERVISION = (Role.EDITOR, Role.PUBLISHER), (Role.SUPERVISOR,)


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work with its page."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work, the roles that can go on with it, and what those who hold them are called."""

    label: str
    items: Sequence[Item]
    roles: tuple[Role, ...]
    common: str


def unfinished_of(user: User) -> list[Work]:
    """All of it, also what came to the person from others who left."""
    people = works_for(user.pk)
    on_their_way = (DRAFT, REVIEW)
    issues = Issue.objects.filter(created_by__in=people, publication__in=on_their_way)
    runs = ImportRun.objects.filter(started_by__in=people, state=ImportRun.State.PREVIEW)
    bulletins = Bulletin.objects.filter(created_by__in=people, publication__in=on_their_way)
    inspections = Inspection.objects.filter(created_by__in=people, state=Inspection.State.RUNNING)
    listings = Listing.objects.filter(listed_by__in=people, state=Listing.State.LISTED)
    matters = listings.select_related("task__task_list", "ledger_row__ledger", "ledger_row__department")
    return [
        Work("未发布的条目、文件和更正", _texts(people), DESK, "编辑部"),
        Work("未出版的公报", _items(issues.order_by("pk")), DESK, "编辑部"),
        Work("待核对的导入", _items(runs.order_by("pk")), DESK, "编辑部"),
        Work("未印发的通报", _items(bulletins.order_by("pk")), SUPERVISION, "督查人员"),
        Work("未下发的任务清单", _items(_lists(people)), (*DESK, *SUPERVISION), "督查人员"),
        Work("进行中的专项检查", _items(inspections.order_by("pk")), SUPERVISION, "督查人员"),
        Work("挂牌中的督办事项", _items(matters.order_by("pk")), SUPERVISION, "督查人员"),
    ]


def _texts(people: Collection[int]) -> list[Item]:
    rows = (row for queue in QUEUES for row in rows_of(Asked(queue, people, whose=MINE)))
    # Issues are told apart, by who began them.
    found = [row for row in rows if row[0] != "issue"]
    return [
        Item(f"{label or '（无标题）'}（{KINDS[kind]}）", page_of(kind, target))
        for kind, target, label, *_ in found
    ]


def _lists(people: Collection[int]) -> Iterable[TaskList]:
    begun = Task.objects.filter(task_list=OuterRef("pk")).exclude(state=Task.State.DRAFT)
    return TaskList.objects.filter(~Exists(begun), made_by__in=people).order_by("pk")


def _items(rows: Iterable[Issue | ImportRun | Bulletin | Inspection | Listing | TaskList]) -> list[Item]:
    return [Item(str(row), row.get_absolute_url()) for row in rows]
