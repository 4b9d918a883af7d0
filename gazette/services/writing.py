"""Carrying out an import plan: one transaction, through the rooms' own services."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from directives.models import Directive
from directives.services import (
    DirectiveContent,
    create_directive,
    directive_values,
    link_citations,
    propose_directive,
    update_directive,
)
from events.models import Event
from events.services import (
    EventContent,
    OfficialContent,
    create_event,
    event_values,
    link_event_citations,
    part_places,
    propose_event,
    update_event,
)
from foundation.models import Revision
from foundation.publication import PUBLISHED
from foundation.services.revisions import Writing
from gazette.models import ImportRun
from gazette.services.payloads import Payload
from gazette.services.planned import TAKE_FILE, ImportPlan, PlannedRecord
from gazette.services.planning import plain_title
from gazette.services.remembering import remember
from gazette.services.unpacking import kind_of, task_values
from organizations.models import User
from organizations.services import NameDirectory
from taskboard.models import Task, TaskList
from taskboard.services import (
    TaskContent,
    TaskListContent,
    add_task,
    create_task_list,
    place_tasks,
    update_task,
)

Progress = Callable[[int, int], None]
KINDS_IN_ORDER = ("directive", "event", "task")
Stored = Event | Directive | Task
PLACES = frozenset({"position"})
MODELS: dict[str, Any] = {
    "event": Event,
    "directive": Directive,
    "task": Task,
}
# How a correction is proposed beside a published record.
PROPOSERS: dict[str, Callable[[User | None, Any, Payload, Writing], Revision]] = {
    "event": lambda actor, event, content, writing: propose_event(
        actor=actor, event=event, content=content, writing=writing
    ),
    "directive": lambda actor, directive, content, writing: propose_directive(
        actor=actor, directive=directive, content=content, writing=writing
    ),
}


def batch_of(run: ImportRun | None) -> str:
    """Names the corrections that one import proposes."""
    return f"import:{run.pk}" if run else ""


@dataclass
class ImportWriter:
    """One run of writing: who, when, in which state, what a person decided on conflicts."""

    plan: ImportPlan
    actor: User | None
    at: datetime
    publication: str
    source: str
    run: ImportRun | None = None
    decisions: Mapping[str, str] = field(default_factory=dict)
    progress: Progress = lambda done, total: None

    def write(self) -> dict[str, int]:
        """Write all; the caller holds the transaction. Returns counts by outcome."""
        self.directory = NameDirectory(actor=self.actor, at=self.at)
        self.documents: dict[str, int | None] = {}
        self.said: list[tuple[Event | Directive | Task, Payload]] = []
        self.unresolved: list[dict[str, Any]] = []
        self.proposed: list[str] = []
        self.blocked: list[str] = []
        self.printed: set[int] = set()
        self.lists: dict[str, TaskList] = {}
        self.ends: dict[int, int] = {}
        self.places: dict[int, dict[int, int]] = defaultdict(dict)
        outcome = {"created": 0, "updated": 0, "unchanged": 0, "kept": 0, "proposed": 0}
        # Documents first: entries and tasks point at them.
        ordered = [record for kind in KINDS_IN_ORDER for record in self.plan.of_kind(kind)]
        for done, record in enumerate(ordered, start=1):
            outcome[self._write_one(record)] += 1
            self.progress(done, len(ordered))
        self._place_tasks()
        self._place_events()
        remember(self.said, self.run)
        link_citations()
        link_event_citations()
        return outcome

    def _write_one(self, record: PlannedRecord) -> str:
        writers: dict[str, Callable[[PlannedRecord, Payload | None], Stored]] = {
            "event": self._event,
            "directive": self._directive,
            "task": self._task,
        }
        write = writers[record.kind]
        if record.status == "new":
            self._keep(record, write(record, None))
            return "created"
        take = set(record.take)
        if self.decisions.get(record.key) == TAKE_FILE:
            take |= set(record.conflicts)
        stored: Stored = MODELS[record.kind](pk=record.stored_pk)
        waiting: frozenset[str] = frozenset()
        if take:
            waiting = self._beside_published(record, take)
            now = take - waiting
            stored = write(record, {name: record.after[name] for name in now}) if now else stored
        self._keep(record, stored, waiting)
        if waiting:
            return "proposed"
        kept = record.conflicts and not set(record.conflicts) <= take
        return "kept" if kept else "updated" if take else "unchanged"

    def _beside_published(self, record: PlannedRecord, take: set[str]) -> frozenset[str]:
        """In the browser a published text is not changed: the fields that wait for a second person.

        The order among the entries of a day is no text; it follows the gazette at once.
        """
        if self.publication == PUBLISHED or record.kind not in PROPOSERS:
            return frozenset()
        published = MODELS[record.kind]._default_manager.filter(pk=record.stored_pk, publication=PUBLISHED)
        stored = published.first()
        waiting = frozenset(take) - PLACES
        if stored is None or not waiting:
            return frozenset()
        self._propose(record, stored, waiting)
        return waiting

    def _propose(self, record: PlannedRecord, stored: Any, fields: frozenset[str]) -> None:
        """Hand in a correction beside the published text; one under way is left to those at work on it."""
        if Revision.objects.of(stored).open().exists():
            self.blocked.append(record.label)
            return
        content = {name: record.after[name] for name in fields}
        if not stored.source:
            content["source"] = self.source
        writing = Writing(self.actor, self.at, self._reason, batch=batch_of(self.run), submits=True)
        PROPOSERS[record.kind](self.actor, stored, content, writing)
        self.proposed.append(record.label)
        values = event_values(content) if record.kind == "event" else {}
        self._doubt_namesakes(record, values.get("officials", ()))

    def _keep(self, record: PlannedRecord, stored: Stored, waiting: frozenset[str] = frozenset()) -> None:
        """Note what the gazette says, unless it said so before, and which document is meant by a title."""
        said = record.said(self.decisions.get(record.key, ""), waiting)
        if said != record.base:
            self.said.append((stored, said))
        if record.kind == "event":
            self.printed.add(stored.pk)
        if record.kind == "directive":
            self.documents[plain_title(record.label)] = stored.pk

    @property
    def _reason(self) -> str:
        return f"导入公报：{self.source}"

    # -- one record each ------------------------------------------------------------------

    def _event(self, record: PlannedRecord, changes: Payload | None) -> Event:
        common: dict[str, Any] = {"actor": self.actor, "at": self.at, "directory": self.directory}
        if changes is None:
            content = EventContent(**event_values(record.after), source=self.source)
            created = create_event(
                **common,
                content=content,
                publication=self.publication,
                reason=self._reason,
                keeps_place=False,
            )
            self._doubt_namesakes(record, content.officials)
            return created
        event = Event.objects.get(pk=record.stored_pk)
        values = event_values(changes)
        if not event.source:
            values["source"] = self.source
        updated = update_event(**common, event=event, changes=values, reason=self._reason, keeps_place=False)
        self._doubt_namesakes(record, values.get("officials", ()))
        return updated

    def _doubt_namesakes(self, record: PlannedRecord, officials: Iterable[OfficialContent]) -> None:
        """Tell of names that several people bear, of whom none was found to be meant."""
        for official in officials:
            if self.directory.find_person(official.name, official.post) is None:
                message = f"“{official.name}”有同名者，无法确定是哪一位，未登记到人员中，请在条目中补登。"
                self.unresolved.append({"line": record.line, "label": record.label, "message": message})

    def _directive(self, record: PlannedRecord, changes: Payload | None) -> Directive:
        common: dict[str, Any] = {"actor": self.actor, "at": self.at, "directory": self.directory}
        if changes is None:
            kind = kind_of(record.after["title"], record.after["plan_title"])
            content = DirectiveContent(**directive_values(record.after), kind=kind, source=self.source)
            return create_directive(
                **common, content=content, publication=self.publication, reason=self._reason
            )
        directive = Directive.objects.get(pk=record.stored_pk)
        values = directive_values(changes)
        if not directive.source:
            values["source"] = self.source
        return update_directive(**common, directive=directive, changes=values, reason=self._reason)

    def _task(self, record: PlannedRecord, changes: Payload | None) -> Task:
        common: dict[str, Any] = {"actor": self.actor, "at": self.at, "directory": self.directory}
        values = task_values(record.after if changes is None else changes)
        # Places are given at the end, all at once: tasks may change places with each other.
        place = values.pop("order", None)
        if changes is None:
            task_list = self._list_for(self.plan.gazette.tasks[record.source].directive)
            order = self.ends[task_list.pk] = self._end_of(task_list) + 1
            task = add_task(**common, task_list=task_list, order=order, content=TaskContent(**values))
        else:
            task = Task.objects.get(pk=record.stored_pk)
            if values:
                task = update_task(**common, task=task, changes=values, reason=self._reason)
        if place is not None:
            self.places[task.task_list_id][task.pk] = place
        return task

    def _end_of(self, task_list: TaskList) -> int:
        if task_list.pk in self.ends:
            return self.ends[task_list.pk]
        return task_list.tasks.order_by("-order").values_list("order", flat=True).first() or 0

    def _place_tasks(self) -> None:
        for task_list in TaskList.objects.filter(pk__in=self.places):
            places = self.places[task_list.pk]
            place_tasks(actor=self.actor, at=self.at, task_list=task_list, places=places, reason=self._reason)

    def _place_events(self) -> None:
        """Entries that others than this gazette placed give way to its own."""
        days = {entry.start_date for entry in self.plan.gazette.events}
        part_places(actor=self.actor, at=self.at, days=days, keep=self.printed)

    def _list_for(self, directive_title: str) -> TaskList:
        if directive_title not in self.lists:
            self.lists[directive_title] = self._existing_list(directive_title) or self._new_list(
                directive_title
            )
        return self.lists[directive_title]

    def document_titled(self, title: str) -> Directive | None:
        """The document that the gazette calls so, whatever a person calls it since."""
        wanted = plain_title(title)
        if wanted not in self.documents:
            titles = Directive.objects.order_by("-pk").values_list("title", "pk")
            known = {plain_title(held): pk for held, pk in titles}
            self.documents = {wanted: None, **known, **self.documents}
        pk = self.documents[wanted]
        return Directive.objects.get(pk=pk) if pk else None

    def _existing_list(self, directive_title: str) -> TaskList | None:
        directive = self.document_titled(directive_title)
        return directive.task_lists.order_by("pk").first() if directive else None

    def _new_list(self, directive_title: str) -> TaskList:
        directive = self.document_titled(directive_title)
        ends = [s.ends_on for s in directive.stages.all() if s.ends_on] if directive else []
        title = f"{directive.plan_title or directive.title}任务清单" if directive else directive_title
        content = TaskListContent(
            title=title[:200],
            ends_on=max(ends, default=None),
            ends_on_note="文件所列最后一个阶段的结束日期" if ends else "",
            ends_on_provisional=True,
        )
        return create_task_list(
            actor=self.actor, at=self.at, content=content, directive=directive, directory=self.directory
        )
