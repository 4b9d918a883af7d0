"""The facts a fresh portal opens with: complete and consistent."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count

from directives.models import Directive, Roster
from events.models import Event, EventOfficial
from floodresponse import readiness
from floodresponse.models import Measure, Plan
from gazette.default_names import default_vocabulary, read_fixture
from gazette.services.fixtures import load_fixtures
from organizations.models import Department, Person, PersonVariant
from taskboard.models import Ledger, ReportingRule, Task, TaskList

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
# The mark also has the test database made; each test runs inside the transaction of the whole file.
pytestmark = pytest.mark.django_db
LEAD_TOTALS = {
    "住建局": 63,
    "城管执法局": 26,
    "自然资源局": 12,
    "公安局": 9,
    "交通运输局": 1,
    "景区管理局": 1,
}
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
LAND_LEDGERS = 6


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The fixtures in the database, for all tests of this file, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_fixtures(actor=None, at=AT)
        yield
        transaction.set_rollback(True)


# -- the files alone ---------------------------------------------------------------------


def values(record: Any, key: str) -> list[Any]:
    """All values under a key, at any depth."""
    if isinstance(record, dict):
        own = [record[key]] if key in record else []
        return own + [value for inner in record.values() for value in values(inner, key)]
    if isinstance(record, list):
        return [value for inner in record for value in values(inner, key)]
    return []


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("events", ["departments"]),
        ("task_lists", ["lead", "support"]),
        ("flood_plan", ["unit", "units"]),
    ],
)
def test_departments_are_called_by_their_canonical_names(name: str, keys: list[str]) -> None:
    canonical = {row["name"] for row in read_fixture("departments")}
    named: set[str] = set()
    for value in (value for key in keys for value in values(read_fixture(name), key)):
        rows = [value] if isinstance(value, str) else value
        named |= {row if isinstance(row, str) else row["name"] for row in rows}
    assert named
    assert named <= canonical


def test_printed_names_of_departments_are_known() -> None:
    known = default_vocabulary().departments
    for task in read_fixture("task_lists")[0]["tasks"]:
        for duty in [*task["lead"], *task.get("support", ())]:
            assert known[duty.get("printed_name", duty["name"])] == duty["name"]
    for group in read_fixture("flood_plan")["groups"]:
        printed = group["printed_members"].split("、")
        assert [known.get(name) or known[name.removeprefix("市")] for name in printed] == group["units"]


def test_an_alias_means_one_department() -> None:
    names = [name for row in read_fixture("departments") for name in (row["name"], *row.get("aliases", ()))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("交通局", "交通运输局"),
        ("生态环境局", "生态环境分局"),
        ("市生态环境局分局", "生态环境分局"),
        ("融媒体", "融媒体中心"),
        ("市场监督管理局", "市场监管局"),
        ("执法局", "城管执法局"),
        ("市防涝办", "防涝办"),
        ("向阳街道办事处", "向阳街道"),
    ],
)
def test_names_that_mean_the_same_are_merged(alias: str, name: str) -> None:
    assert default_vocabulary().departments[alias] == name


def test_everybody_named_is_in_the_list_of_people() -> None:
    people = default_vocabulary().people
    named = set(values([e.get("officials", []) for e in read_fixture("events")], "name"))
    named |= set(values(values(read_fixture("directives"), "members"), "name"))
    plan = read_fixture("flood_plan")
    named |= set(values(plan["seats"], "name")) | set(values(plan["groups"], "leader"))
    assert {people[name] for name in named} == named == set(people.values())


def test_misprinted_names_mean_somebody() -> None:
    for event in read_fixture("events"):
        for official in event.get("officials", ()):
            printed = official.get("printed_name", official["name"])
            assert default_vocabulary().people[printed] == official["name"]


def test_topics_of_entries_and_documents_exist() -> None:
    known = {row["slug"] for row in read_fixture("topics")}
    used = {slug for row in [*read_fixture("events"), *read_fixture("directives")] for slug in row["topics"]}
    assert used == known


def test_titles_are_short_and_each_is_its_own() -> None:
    for rows in (read_fixture("events"), read_fixture("task_lists")[0]["tasks"]):
        titles = [row["title"] for row in rows]
        assert len(titles) == len(set(titles))
        assert all(4 <= len(title) <= 40 for title in titles)


# -- loaded ------------------------------------------------------------------------------


def test_a_fresh_portal_holds_the_chronicle(loaded: None) -> None:
    months = Counter(Event.objects.values_list("start_date__month", flat=True))
    assert months == {7: 38, 8: 53}
    for month in months:
        positions = (
            Event.objects.filter(start_date__month=month)
            .order_by("position")
            .values_list("position", "start_date")
        )
        assert [place for place, _ in positions] == list(range(1, months[month] + 1))
    assert Event.objects.exclude(publication="published").count() == 0
    assert Event.objects.exclude(text="").count() == 0


def test_ranges_are_kept(loaded: None) -> None:
    ranges = [
        (e.start_date.day, e.end_date.day)
        for e in Event.objects.order_by("start_date", "position")
        if e.is_range
    ]
    assert ranges == [(25, 29), (26, 27), (1, 2), (14, 15), (21, 22), (23, 24), (25, 26), (30, 31)]


def test_a_misprinted_official_is_the_person_meant(loaded: None) -> None:
    misprinted = EventOfficial.objects.filter(person__name="吴忱东", printed_name="吴枕东")
    assert [o.event.start_date for o in misprinted] == [date(2022, 7, 26)]
    assert EventOfficial.objects.filter(person__name="鲁垚", printed_name="鲁焱").count() == 2
    assert set(PersonVariant.objects.values_list("printed_name", "person__name")) == {
        ("吴枕东", "吴忱东"),
        ("鲁焱", "鲁垚"),
    }


def test_no_official_is_lost(loaded: None) -> None:
    assert EventOfficial.objects.count() == sum(len(e.get("officials", ())) for e in read_fixture("events"))


def test_seven_documents_with_their_rosters(loaded: None) -> None:
    assert Directive.objects.published().filter(is_public=True).count() == 7
    assert Directive.objects.filter(issued_on=None).count() == 1
    assert [d.title[-12:] for d in Directive.objects.filter(release_note="此件公开发布")] == [
        "采暖期城镇供热工作的通知"
    ]
    sizes = Roster.objects.annotate(size=Count("members")).order_by("pk").values_list("size", flat=True)
    assert list(sizes) == [23, 28, 28, 6, 42]
    for roster in Roster.objects.all():
        assert roster.section is not None
        assert not roster.members.filter(person=None).exists()


def test_every_document_has_a_summary_of_one_line(loaded: None) -> None:
    for directive in Directive.objects.all():
        assert 10 <= len(directive.summary) <= 80
        assert "\n" not in directive.summary


def test_two_people_of_one_name_stay_apart(loaded: None) -> None:
    roster = Roster.objects.get(name="待批项目大起底工作领导小组")
    posts = {m.post: m.person for m in roster.members.filter(printed_name="李伟")}
    assert set(posts) == {"市政府办公室副主任", "市工信局局长"}
    assert len({person.pk for person in posts.values() if person}) == 2
    assert Person.objects.filter(name="李伟").count() == 2
    assert Person.objects.count() == len(read_fixture("people"))


def test_one_list_of_107_draft_tasks(loaded: None) -> None:
    tasks = TaskList.objects.get().tasks.all()
    assert tasks.count() == 107
    assert set(tasks.values_list("state", flat=True)) == {Task.State.DRAFT}
    assert tasks.values("part").distinct().count() == 7
    assert tasks.values("part", "subsection").distinct().count() == 23
    assert tasks.filter(number="").count() == 1
    assert (TaskList.objects.get().ends_on, TaskList.objects.get().ends_on_provisional) == (
        date(2022, 10, 31),
        True,
    )


def test_lead_totals(loaded: None) -> None:
    leads = Counter(
        Task.objects.filter(duties__role="lead").values_list("duties__department__name", flat=True)
    )
    assert leads == LEAD_TOTALS
    assert sum(len(task.leads) == 2 for task in Task.objects.with_departments()) == 5


def test_nine_tasks_have_a_due_date_of_their_own(loaded: None) -> None:
    dated = Task.objects.exclude(due_on=None)
    found = {
        (t.part.split("、")[0], re.sub("[（）].*", "", t.subsection.lstrip("（")), t.number): t.due_on
        for t in dated
    }
    assert found == DUE
    assert all(task.due_text for task in dated)
    assert not Task.objects.filter(due_on=None).exclude(due_text="").exists()


def test_numeric_targets(loaded: None) -> None:
    held = {(t.name, t.value, t.unit) for task in Task.objects.all() for t in task.targets.all()}
    wanted = {
        ("步道板和沥青路面维修", 5700, "平方米"),
        ("换热站维护清洗", 136, "座"),
        ("市区整体亮灯率", 95, "%"),
    }
    assert wanted <= held
    assert {("主次干道机械清扫率", 60, "%"), ("物业企业备案率", 100, "%")} <= held


def test_the_ledgers_that_the_plans_ask_for(loaded: None) -> None:
    kinds = Counter(Ledger.objects.values_list("kind", flat=True))
    assert kinds["land"] == LAND_LEDGERS
    assert {"stopped_enterprise", "indicators", "pending_approval", "stalled_project", "hazard"} <= set(kinds)
    assert all(ledger.columns.exists() for ledger in Ledger.objects.filter(kind="land"))
    rhythms = ReportingRule.objects.order_by("ends_on").values_list("rhythm", "starts_on", "ends_on")
    assert set(rhythms) == {
        ("half_monthly", None, date(2022, 9, 30)),
        ("monthly", date(2022, 10, 1), None),
    }


def test_the_matrix_nests(loaded: None) -> None:
    plan = Plan.objects.get(year=2022)
    rain = {(c.level, c.kind, int(c.lower)) for c in plan.criteria.exclude(kind="ponding")}
    assert rain == {(1, "rain_3h", 100), (2, "rain_3h", 50), (3, "rain_6h", 50), (4, "rain_6h", 20)}
    ponding = {
        (c.level, int(c.lower), c.lower_inclusive, c.upper and int(c.upper), c.upper_inclusive)
        for c in plan.criteria.filter(kind="ponding")
    }
    assert ponding == {
        (1, 50, True, None, False),
        (2, 30, True, 50, False),
        (3, 20, False, 30, False),
        (4, 20, True, 20, True),
    }


def test_sirens_and_deadlines(loaded: None) -> None:
    plan = Plan.objects.get()
    assert {s.level: (s.soundings, s.minutes, s.provisional) for s in plan.sirens.all()} == {
        1: (3, 2, True),
        2: (3, 2, True),
        3: (3, 1, True),
    }
    minutes = {d.kind: d.minutes for d in plan.deadlines.exclude(minutes=None)}
    assert minutes == {"immediate": 10, "phone": 20, "media": 60, "written": 120, "followup": 120}
    daily = sorted((d.kind, d.daily_at.hour) for d in plan.deadlines.all() if d.daily_at)
    assert daily == [("weather", 8), ("weather", 20), ("zero", 17)]
    assert plan.office_phone == "3218028"
    assert Department.objects.get(name="防涝办").office_phone == "3218028"


def test_the_command_post(loaded: None) -> None:
    plan = Plan.objects.get()
    post = readiness.assemble(
        list(plan.members.select_related("unit").order_by("order")),
        list(plan.duties.prefetch_related("units").order_by("order")),
    )
    assert (post.size, len(post.heads), len(post.seats), post.units, post.streets) == (42, 2, 40, 26, 7)
    assert len(post.duties) == 23
    assert {unit.name for unit in post.units_without_seat} == {"财政局", "森林消防大队"}
    assert "水利局" in {unit.name for unit in post.units_without_duty}
    assert not plan.members.filter(person=None).exists()


def test_special_groups_are_led_by_people_of_the_command_post(loaded: None) -> None:
    plan = Plan.objects.get()
    assert plan.groups.count() == 6
    seated = set(plan.members.values_list("person", flat=True))
    assert {group.leader_id for group in plan.groups.all()} <= seated
    assert all(group.units.exists() and group.summary for group in plan.groups.all())


def test_measures_by_situation_and_level(loaded: None) -> None:
    measures = Plan.objects.get().measures.all()
    counts = Counter(measures.values_list("situation", flat=True))
    assert (counts["light_rain"], counts["heavy_rain"]) == (1, 7)
    assert {m.from_level for m in measures.filter(situation=Measure.Situation.RESPONSE)} == {3, 4}
    assert all(measure.summary and measure.clause for measure in measures)


def test_seven_streets_belong_to_their_collective(loaded: None) -> None:
    together = Department.objects.get(name="街道办事处")
    assert set(together.children.values_list("name", flat=True)) == {
        f"{name}街道" for name in ("正阳", "兴华", "繁荣", "向阳", "河西", "铁东", "高台子")
    }
    assert Department.objects.streets().count() == 7
    assert not Department.objects.filter(kind=Department.Kind.UNSORTED).exists()
