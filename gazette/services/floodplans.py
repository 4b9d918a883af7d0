"""The machine-readable part of a waterlogging plan, written to the command post's room."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models

from directives.models import Directive
from floodresponse.models import Criterion, Duty, Level, Measure, Plan, PlanCorrection
from floodresponse.services import (
    create_plan,
    fill_in_texts,
    propose_plan_texts,
)
from gazette.models import ImportRun
from gazette.parser.records import Directive as ReadDirective
from gazette.parser.records import FloodPlan, Gazette, ParseWarning
from gazette.services.floodcontents import measures_of, plan_content
from gazette.services.payloads import Payload
from gazette.services.planned import TAKE_FILE, ImportPlan, PlannedRecord, judge
from gazette.services.remembering import remember, remembered
from organizations.models import User
from organizations.services import NameDirectory

YEAR = re.compile(r"(20\d\d)\s*年")
KIND = "flood_plan"


def plan_flood_plans(gazette: Gazette) -> tuple[list[PlannedRecord], tuple[ParseWarning, ...]]:
    """What becomes of each plan, and thresholds that the portal holds otherwise and keeps."""
    planned: list[PlannedRecord] = []
    doubts: list[ParseWarning] = []
    for source, read in enumerate(gazette.flood_plans):
        document, year = _document_and_year(gazette, read)
        if document is None or year is None:
            continue
        stored = Plan.objects.filter(year=year).first()
        rows = printed_rows(stored, read, document) if stored else {}
        planned.append(
            judge(
                kind=KIND,
                label=f"{document.plan_title or document.title}（{year}年）",
                line=document.line,
                source=source,
                after={name: text for name, (_, text) in rows.items()} if stored else _outline(read, year),
                stored=stored,
                before={name: row.text for name, (row, _) in rows.items()},
                base=remembered(Plan, [stored.pk]).get(stored.pk) if stored else None,
            )
        )
        if stored:
            doubts += differing_thresholds(stored, read)
    return planned, tuple(doubts)


def _document_and_year(gazette: Gazette, read: FloodPlan) -> tuple[ReadDirective | None, int | None]:
    document = next((d for d in gazette.directives if d.title == read.directive), None)
    return document, _year_of(read.directive, document)


def _outline(read: FloodPlan, year: int) -> Payload:
    """What a new plan lays down, for the eye."""
    return {
        "year": year,
        "thresholds": [threshold_in_words(c.level, c.criterion, c.lower, c.upper) for c in read.criteria],
        "duties": [duty.unit for duty in read.duties],
        "groups": [group.name for group in read.groups],
    }


@dataclass
class FloodPlanWriter:
    """Writes the planned flood plans; a plan of a year that has none gets ``publication``."""

    plan: ImportPlan
    actor: User | None
    at: datetime
    directory: NameDirectory
    publication: str
    decisions: Mapping[str, str]
    document_titled: Callable[[str], Directive | None]
    run: ImportRun | None = None
    proposed: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)

    def write(self) -> dict[str, Any]:
        """Create plans of years that have none; bring the wording of the others up to date."""
        outcome = {"created": 0, "texts": 0, "kept": 0}
        self.said: list[tuple[Plan, Payload]] = []
        for record in self.plan.of_kind(KIND):
            read = self.plan.gazette.flood_plans[record.source]
            if record.status == "new":
                self._create(read)
                outcome["created"] += 1
            else:
                taken, kept = self._update(record, read)
                outcome["texts"] += taken
                outcome["kept"] += kept
        remember(self.said, self.run)
        return {
            **outcome,
            "differing": [doubt.message for doubt in self.plan.doubts],
            "proposed": self.proposed,
            "draft": self.publication == Plan.Publication.DRAFT,
        }

    def _create(self, read: FloodPlan) -> None:
        document, year = _document_and_year(self.plan.gazette, read)
        if document is None or year is None:
            return
        created = create_plan(
            actor=self.actor,
            at=self.at,
            content=plan_content(read, document, year),
            directive=self.document_titled(read.directive),
            directory=self.directory,
            publication=self.publication,
        )
        self.said.append((created, _said(printed_rows(created, read, document))))

    def _update(self, record: PlannedRecord, read: FloodPlan) -> tuple[int, int]:
        """How many texts were taken, and how many a person's words were kept."""
        document, _ = _document_and_year(self.plan.gazette, read)
        if document is None:
            return 0, 0
        stored = Plan.objects.get(pk=record.stored_pk)
        take = set(record.take)
        if self.decisions.get(record.key) == TAKE_FILE:
            take |= set(record.conflicts)
        rows = printed_rows(stored, read, document)
        chosen = {name: row for name, row in rows.items() if name in take}
        waits = bool(chosen) and self._waits(stored)
        taken = 0
        reason = f"导入公报：{read.directive}"
        if waits:
            self._propose(record, stored, chosen, reason)
        else:
            texts = dict(chosen.values())
            taken = fill_in_texts(actor=self.actor, at=self.at, plan=stored, texts=texts, reason=reason)
        waiting = frozenset(chosen) if waits else frozenset()
        said = record.said(self.decisions.get(record.key, ""), waiting)
        if said != record.base:
            self.said.append((stored, said))
        return taken, len(set(record.conflicts) - take)

    def _waits(self, stored: Plan) -> bool:
        """In the browser a plan in force is not changed: its other wording waits for a second person."""
        in_force = stored.publication == Plan.Publication.PUBLISHED
        return in_force and self.publication == Plan.Publication.DRAFT and self.actor is not None

    def _propose(self, record: PlannedRecord, stored: Plan, texts: "Rows", reason: str) -> None:
        """Hand in a correction; one under way is left to those at work on it."""
        waiting = stored.text_corrections.filter(standing=PlanCorrection.Standing.PROPOSED)
        if waiting.exists():
            self.blocked.append(record.label)
            return
        batch = f"import:{self.run.pk}" if self.run else ""
        propose_plan_texts(actor=self.actor, at=self.at, plan=stored, texts=texts, reason=reason, batch=batch)
        self.proposed.append(record.label)


Rows = dict[str, tuple[Any, str]]


def printed_rows(stored: Plan, read: FloodPlan, document: ReadDirective) -> Rows:
    """Rows of a stored plan whose wording the gazette prints, by their names."""
    texts = _texts(stored, read) | _texts_by_clause(stored, document)
    return {_name_of(row): (row, text) for row, text in texts.items()}


def _said(rows: Rows) -> Payload:
    return {name: text for name, (_, text) in rows.items()}


def _name_of(row: models.Model) -> str:
    if isinstance(row, Measure):
        return f"措施：{row.get_situation_display()} {row.order}"
    return f"职责：{row}" if isinstance(row, Duty) else f"工作组：{row}"


def _year_of(title: str, document: ReadDirective | None) -> int | None:
    if found := YEAR.search(title):
        return int(found[1])
    return document.issued_on.year if document and document.issued_on else None


def differing_thresholds(stored: Plan, read: FloodPlan) -> list[ParseWarning]:
    """Thresholds that the gazette prints otherwise than the stored plan has them; they stay."""
    held = {(c.level, c.kind): c for c in stored.criteria.all()}
    doubts = []
    for printed in read.criteria:
        known = held.get((printed.level, printed.criterion))
        said = threshold_in_words(printed.level, printed.criterion, printed.lower, printed.upper)
        if known is None:
            doubts.append(_threshold_doubt(printed.line, f"{said}，库中没有这一项"))
        elif known.lower != printed.lower or _differs(known.upper, printed.upper):
            kept = threshold_in_words(known.level, known.kind, known.lower, known.upper)
            doubts.append(_threshold_doubt(printed.line, f"{said}，库中为{kept}"))
    return doubts


def _differs(held: Decimal | None, printed: int | None) -> bool:
    """An upper bound that only one side has is a reading of the gap between two levels."""
    return held is not None and printed is not None and held != printed


def _threshold_doubt(line: int, words: str) -> ParseWarning:
    return ParseWarning(line, "threshold", f"防内涝方案启动条件：公报为{words}；没有改动，请核对。")


def threshold_in_words(level: int, kind: str, lower: Decimal | int, upper: Decimal | int | None) -> str:
    """Ⅲ级（黄色）3 小时雨量 50 起."""
    bounds = f"{float(lower):g}" + (" 起" if upper is None else f"—{float(upper):g}")
    return f"{Level(level).label}{Criterion.Kind(kind).label} {bounds}"


def _texts(stored: Plan, read: FloodPlan) -> dict[models.Model, str]:
    duties = {duty.unit: duty.text for duty in read.duties}
    groups = {group.name: group.duty for group in read.groups}
    texts: dict[models.Model, str] = {}
    texts |= {row: duties[row.printed_unit] for row in stored.duties.all() if row.printed_unit in duties}
    texts |= {row: groups[row.name] for row in stored.groups.all() if row.name in groups}
    for situation, measures in measures_of(read).items():
        rows = stored.measures.filter(situation=situation).order_by("order")
        if len(rows) == len(measures):
            texts |= dict(zip(rows, measures, strict=True))
    return texts


def _texts_by_clause(stored: Plan, document: ReadDirective) -> dict[models.Model, str]:
    """Wording of the measures at each level and afterwards, from the paragraphs that they name."""
    printed = texts_by_clause(document)
    rows = stored.measures.filter(situation__in=[Measure.Situation.RESPONSE, Measure.Situation.AFTERMATH])
    found = ((row, printed.get(plain_clause(row.clause))) for row in rows)
    return {row: text for row, text in found if text}


def texts_by_clause(document: ReadDirective) -> dict[str, str]:
    """The text of each numbered paragraph of the body by its place, written 五（四）1."""
    texts: dict[str, str] = {}
    place: list[str] = []
    for section in document.sections:
        place[section.depth - 1 :] = [section.number]
        texts["".join(place)] = section.text or section.heading
    return texts


def plain_clause(clause: str) -> str:
    """A place in a document without punctuation: 五、（四）1. is 五（四）1."""
    return re.sub(r"[\s、.．]", "", clause)
