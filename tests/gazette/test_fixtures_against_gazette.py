"""Fixtures and reader held against each other on the real gazette: neither may be wrong alone."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from directives.models import Directive
from events.contents import cited_titles
from events.models import Event
from floodresponse.models import Plan
from gazette.default_names import FOLDER, default_vocabulary, read_fixture
from gazette.parser import parse_gazette, read_text
from gazette.parser.records import Gazette
from gazette.services import ImportPlan, import_texts, payloads, plan_import
from gazette.services.fixtures import contents, load_fixtures
from gazette.services.imports import GazetteFile, source_line
from organizations.models import Department, Person
from taskboard.models import Task

SEED = Path("seeds", "000_12842e03b5917e95.txt")
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
# The mark also has the test database made; each test runs inside the transaction of the whole file.
pytestmark = pytest.mark.django_db
# What the fixtures leave to the official text.
WORDING = {"text", "preamble", "plan_preamble", "sections", "annexes"}
LONGEST_QUOTATION = 36
LONGEST_IN_A_TITLE = 20


@pytest.fixture(scope="module")
def data(shared_folder: Path) -> bytes:
    return (shared_folder / SEED).read_bytes()


@pytest.fixture(scope="module")
def gazette(data: bytes) -> Gazette:
    return parse_gazette(read_text(data), default_vocabulary())


@pytest.fixture(scope="module")
def documents(gazette: Gazette) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each document of the fixtures with what the gazette says of it."""
    read = {re.sub(r"\s", "", d.title): payloads.directive_in_gazette(d) for d in gazette.directives}
    return [(row, read[contents.directive_title(row)]) for row in read_fixture("directives")]


# -- the files against the reader -----------------------------------------------------------


def test_entries_have_the_dates_and_places_of_the_gazette(gazette: Gazette) -> None:
    printed = [(e.start_date.isoformat(), e.end_date.isoformat(), e.position) for e in gazette.events]
    assert [(e["start_date"], e["end_date"], e["position"]) for e in read_fixture("events")] == printed


def test_entries_name_the_people_of_the_gazette(gazette: Gazette) -> None:
    for row, entry in zip(read_fixture("events"), gazette.events, strict=True):
        own = [
            (o["name"], o.get("post", ""), o.get("printed_name", o["name"])) for o in row.get("officials", ())
        ]
        printed = [(p.name, p.post, p.printed_name) for p in payloads.unique_people(entry.people)]
        assert own == printed, row["title"]


def test_entries_name_the_departments_and_documents_of_the_gazette(gazette: Gazette) -> None:
    for row, entry in zip(read_fixture("events"), gazette.events, strict=True):
        assert sorted(row.get("departments", ())) == sorted(set(entry.departments)), row["title"]
        assert tuple(row.get("citations", ())) == cited_titles(entry.text), row["title"]


def test_the_source_line_is_that_of_the_gazette(gazette: Gazette) -> None:
    assert read_fixture("gazette")["source"] == source_line(gazette)


def test_documents_have_the_heads_of_the_gazette(
    documents: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    for row, printed in documents:
        for name in ("number", "release_note", "plan_title"):
            assert row.get(name, "") == printed[name], (row["subject"], name)
        for name in ("issuer", "addressees"):
            assert row[name] == printed[name], (row["subject"], name)
        assert row.get("issued_on") == printed["issued_on"], row["subject"]


def test_documents_have_the_numbering_and_the_headings_of_the_gazette(
    documents: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    for row, printed in documents:
        # The tasks of the annex are not sections here: they are a list of their own.
        read = [
            s
            for s in printed["sections"]
            if not s[4] or s[0] < 3 or row["plan_title"].endswith("防内涝工作方案")
        ]
        own = [(s["depth"], s["number"], s.get("annex", 0), s["heading"]) for s in row.get("sections", ())]
        assert [s[:3] for s in own] == [(depth, number, annex) for depth, number, _, _, annex in read]
        for mine, (_, _, heading, _, _) in zip(own, read, strict=True):
            assert not heading or mine[3] == heading


def test_documents_have_the_rosters_and_stages_of_the_gazette(
    documents: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    for row, printed in documents:
        rosters = [
            (
                r["name"],
                [[m["role"], m["name"], m.get("post", ""), m.get("concurrent", False)] for m in r["members"]],
            )
            for r in row.get("rosters", ())
        ]
        assert rosters == [(name, members) for name, _, _, members in printed["rosters"]]
        stages = [(s["name"], s.get("starts_on"), s.get("ends_on")) for s in row.get("stages", ())]
        assert stages == [(name, start, end) for name, start, end, _ in printed["stages"]]


def test_documents_have_the_annexes_and_citations_of_the_gazette(
    documents: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    for row, printed in documents:
        annexes = [(a["label"], a["title"], a.get("printed", True)) for a in row.get("annexes", ())]
        assert annexes == [(label, title, there) for label, title, there, _ in printed["annexes"]]
        assert [[c["title"], c.get("number", "")] for c in row.get("citations", ())] == printed["citations"]


def test_tasks_are_those_of_the_gazette(gazette: Gazette) -> None:
    for order, (row, task) in enumerate(
        zip(read_fixture("task_lists")[0]["tasks"], gazette.tasks, strict=True), start=1
    ):
        printed = payloads.task_in_gazette(task, order)
        for name in ("part", "subsection", "number"):
            assert row[name] == printed[name], row["title"]
        for name in ("lead", "support"):
            own = [[d["name"], d.get("printed_name", d["name"])] for d in row.get(name, ())]
            assert own == printed[name], row["title"]
        assert (row.get("due_on"), row.get("due_text", "")) == (printed["due_on"], printed["due_text"])
        milestones = [[m["kind"], m["on"], m["printed"]] for m in row.get("milestones", ())]
        assert milestones == printed["milestones"], row["title"]


def test_the_plan_is_that_of_the_gazette(gazette: Gazette) -> None:
    plan, (read,) = read_fixture("flood_plan"), gazette.flood_plans
    thresholds = {(c["level"], c["kind"]): (c["lower"], c.get("upper")) for c in plan["criteria"]}
    for printed in read.criteria:
        lower, upper = thresholds.pop((printed.level, printed.criterion))
        assert int(lower) == printed.lower
        assert printed.upper is None or int(upper or 0) == printed.upper
    assert not thresholds
    assert {s["soundings"] for s in plan["sirens"]} == {read.siren_soundings}
    assert {s["minutes"] for s in plan["sirens"]} == set(read.siren_minutes)
    minutes = {d["kind"]: d.get("minutes") for d in plan["deadlines"]}
    printed_minutes = (read.phone_minutes, read.media_minutes, read.written_minutes, read.followup_minutes)
    assert tuple(minutes[kind] for kind in ("phone", "media", "written", "followup")) == printed_minutes
    assert plan["office_phone"] == read.office_phone


def test_duties_and_groups_are_those_of_the_gazette(gazette: Gazette) -> None:
    plan, (read,) = read_fixture("flood_plan"), gazette.flood_plans
    assert [d["printed_unit"] for d in plan["duties"]] == [d.unit for d in read.duties]
    groups = [(g["name"], g["leader"], g["leader_post"], g["printed_members"]) for g in plan["groups"]]
    assert groups == [(g.name, g.leader, g.leader_post, "、".join(g.members)) for g in read.groups]
    seats = [(s["role"], s["name"], s["post"]) for s in plan["seats"]]
    (roster,) = (r for d in gazette.directives for r in d.rosters if len(r.members) == len(seats))
    assert seats == [(m.role, m.name, m.post) for m in roster.members]


# -- wording of our own ---------------------------------------------------------------------


def longest_run(text: str, whole: str) -> int:
    """The length of the longest piece of a text that stands in another."""
    longest = 0
    for start in range(len(text)):
        while start + longest < len(text) and text[start : start + longest + 1] in whole:
            longest += 1
    return longest


def strings(record: Any) -> Iterator[str]:
    """All strings of a record, at any depth."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, dict | list):
        for value in record.values() if isinstance(record, dict) else record:
            yield from strings(value)


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.json")))
def test_no_sentence_of_the_gazette_is_in_the_fixtures(name: str, data: bytes) -> None:
    whole = re.sub(r"\s", "", read_text(data))
    for text in strings(read_fixture(name)):
        assert longest_run(re.sub(r"\s", "", text), whole) < LONGEST_QUOTATION, text


def test_titles_and_summaries_are_worded_anew(data: bytes) -> None:
    whole = re.sub(r"\s", "", read_text(data))
    plan = read_fixture("flood_plan")
    worded = [row["title"] for row in read_fixture("events")]
    worded += [row["title"] for row in read_fixture("task_lists")[0]["tasks"]]
    worded += [
        row["summary"]
        for row in [*read_fixture("directives"), *plan["duties"], *plan["groups"], *plan["measures"]]
    ]
    for text in worded:
        assert longest_run(re.sub(r"\s", "", text), whole) < LONGEST_IN_A_TITLE, text


# -- the official text over the fixtures ----------------------------------------------------


@pytest.fixture(scope="module")
def first_plan(
    django_db_setup: None, django_db_blocker: Any, gazette: Gazette, data: bytes
) -> Iterator[ImportPlan]:
    """Fixtures loaded and the gazette imported; what the plan of the import was."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_fixtures(actor=None, at=AT)
        plan = plan_import(gazette)
        import_texts(files=[GazetteFile("gazette.txt", data)], actor=None, at=AT)
        yield plan
        transaction.set_rollback(True)


def test_the_import_finds_every_record_and_brings_wording_alone(first_plan: ImportPlan) -> None:
    assert Counter(record.status for record in first_plan.records) == {"changed": 206}
    records = [record for record in first_plan.records if record.kind != "flood_plan"]
    assert {name for record in records for name in record.take} == WORDING - {"annexes"}
    assert first_plan.absent == ()


def test_the_import_fills_in_all_texts_and_adds_nothing(first_plan: ImportPlan) -> None:
    assert (Event.objects.count(), Directive.objects.count(), Task.objects.count()) == (91, 7, 107)
    assert not Event.objects.filter(text="").exists()
    assert not Task.objects.filter(text="").exists()
    assert not Directive.objects.filter(preamble="").exists()
    assert Department.objects.count() == len(read_fixture("departments"))
    assert Person.objects.count() == len(read_fixture("people"))


def test_titles_and_summaries_of_the_fixtures_stay(first_plan: ImportPlan) -> None:
    titles = Event.objects.order_by("start_date__month", "position").values_list("title", flat=True)
    assert list(titles) == [row["title"] for row in read_fixture("events")]
    tasks = Task.objects.order_by("order").values_list("title", flat=True)
    assert list(tasks) == [row["title"] for row in read_fixture("task_lists")[0]["tasks"]]
    assert not Directive.objects.filter(summary="").exists()


def test_the_plan_gets_the_official_wording(first_plan: ImportPlan) -> None:
    plan = Plan.objects.get()
    for rows in (plan.duties, plan.groups, plan.measures):
        assert not rows.filter(text="").exists()
        assert not rows.filter(summary="").exists()
    assert plan.measures.get(clause="五、（五）2").text.startswith("当应急响应条件消失时")


def test_a_second_import_changes_nothing(first_plan: ImportPlan, gazette: Gazette, data: bytes) -> None:
    assert Counter(record.status for record in plan_import(gazette).records) == {"unchanged": 206}
    (report,) = import_texts(files=[GazetteFile("gazette.txt", data)], actor=None, at=AT)
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 205)
    flood_plan = report["flood_plan"]
    assert (flood_plan["texts"], flood_plan["kept"], flood_plan["differing"]) == (0, 0, [])


def test_a_change_by_hand_is_still_kept(first_plan: ImportPlan, gazette: Gazette) -> None:
    entry = Event.objects.get(start_date__month=7, position=26)
    Event.objects.filter(pk=entry.pk).update(text="编辑改过的正文。")
    record = next(r for r in plan_import(gazette).of_kind("event") if r.object_id == entry.pk)
    assert (record.status, record.take) == ("unchanged", ())
