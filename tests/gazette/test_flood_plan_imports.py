"""A flood plan in a gazette: shown first, in force when somebody says so, kept where corrected."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from floodresponse.models import Duty, Plan, PlanCorrection
from floodresponse.services import (
    CriterionContent,
    PlanContent,
    confirm_plan_texts,
    create_plan,
    put_plan_in_force,
)
from foundation.errors import PermissionRefused, StateConflict
from foundation.models import AuditEntry
from gazette.models import ImportRun
from gazette.parser.records import Directive, FloodPlan, Gazette, LevelCriterion, UnitDuty
from gazette.services import confirm_import, import_texts, imports, plan_import, read_import, start_import
from gazette.services.imports import GazetteFile
from organizations.services import NameDirectory
from tests.accounts import browser_of, person
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2031, 8, 9, 1, 0, tzinfo=UTC)
DAY = date(2031, 6, 1)
TITLE = "关于印发青河市2031年防内涝工作方案的通知"
DOCUMENT = Directive(
    TITLE, "", "青河市人民政府", date(2031, 6, 1), (), True, "", 1, 40, plan_title="青河市方案"
)
READ = FloodPlan(
    TITLE,
    criteria=(LevelCriterion(3, "rain_3h", 50, None, 12), LevelCriterion(4, "ponding", 20, 30, 13)),
    duties=(UnitDuty("水利局", "巡查河道。", 20), UnitDuty("住建局", "疏通管网。", 21)),
)
FIRST = Gazette("青河公报", directives=(DOCUMENT,), flood_plans=(READ,))
Says = Callable[[Gazette], None]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": backend, "OPTIONS": {"location": tmp_path}},
    }


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    """Sets what the reader finds in any file."""
    return lambda gazette: monkeypatch.setattr(imports, "parse_gazette", lambda *args: gazette)


def by_command() -> dict[str, Any]:
    (report,) = import_texts(files=[GazetteFile("a.txt", "公报".encode())], actor=None, at=AT)
    return report


def previewed() -> ImportRun:
    run = start_import(actor=None, name="a.txt", data="公报".encode() * 9, at=AT)
    return read_import(run=run, at=AT)


def in_the_browser(decisions: dict[str, str] | None = None) -> ImportRun:
    return confirm_import(actor=None, run=previewed(), decisions=decisions or {}, at=AT)


def earlier_plan() -> Plan:
    content = PlanContent(
        title="旧方案", year=2030, criteria=(CriterionContent(level=3, kind="rain_3h", lower=Decimal(40)),)
    )
    directory = NameDirectory(actor=None, at=AT)
    return create_plan(actor=None, at=AT, content=content, directive=None, directory=directory)


def texts() -> dict[str, str]:
    return dict(Duty.objects.values_list("printed_unit", "text"))


def differing(edition: Gazette, **changes: Any) -> Gazette:
    return replace(edition, flood_plans=(replace(READ, **changes),))


# -- in force -----------------------------------------------------------------------------------


def test_the_preview_shows_the_plan_with_its_thresholds(says: Says) -> None:
    says(FIRST)
    run = previewed()
    (record,) = [r for r in run.preview["records"] if r["kind"] == "flood_plan"]
    assert record["status"] == "new" and len(record["after"]["thresholds"]) == 2
    page = browser_of("editor").get(run.get_absolute_url()).content.decode()
    assert "青河市方案（2031年）" in page and "3 小时雨量 50 起" in page
    assert not Plan.objects.exists()


def test_a_browser_import_changes_no_plan_in_force(says: Says) -> None:
    held = earlier_plan()
    says(FIRST)
    run = in_the_browser()
    assert run.report["flood_plan"]["draft"] is True
    assert Plan.objects.get(year=2031).publication == "draft"
    assert Plan.objects.holding_in(2031) == held
    answer = Client().get("/api/v1/flood/matrix/?year=2031").json()
    assert (answer["plan"], answer["results"]) == (None, [])
    assert "青河市方案" not in Client().get("/flood/").content.decode()
    assert "草稿，启用之前不作判定依据" in browser_of("editor").get(run.get_absolute_url()).content.decode()


def test_a_command_puts_the_plan_in_force(says: Says) -> None:
    earlier_plan()
    says(FIRST)
    by_command()
    assert Plan.objects.holding_in(2031) == Plan.objects.get(year=2031)


def test_putting_in_force_is_recorded_and_done_once(says: Says) -> None:
    says(FIRST)
    in_the_browser()
    plan = Plan.objects.get()
    put_plan_in_force(actor=None, at=AT, plan=plan)
    assert Plan.objects.holding_in(2031) == plan
    assert AuditEntry.objects.about(plan).filter(action="flood_plan.put_in_force").count() == 1
    with pytest.raises(StateConflict, match="已经启用"):
        put_plan_in_force(actor=None, at=AT, plan=plan)


def test_a_plan_without_thresholds_is_not_put_in_force() -> None:
    empty = Plan.objects.create(title="空方案", year=2031, publication="draft")
    with pytest.raises(StateConflict, match="没有启动条件"):
        put_plan_in_force(actor=None, at=AT, plan=empty)


def test_putting_in_force_needs_the_permission(says: Says) -> None:
    says(FIRST)
    in_the_browser()
    with pytest.raises(PermissionRefused):
        put_plan_in_force(actor=UserFactory(), at=AT, plan=Plan.objects.get())


@pytest.mark.parametrize(("role", "offered"), [("anonymous", False), ("viewer", False), ("editor", True)])
def test_the_button_is_for_those_who_may_change_the_plan(role: str, offered: bool, says: Says) -> None:
    says(FIRST)
    in_the_browser()
    client, plan = browser_of(role), Plan.objects.get()
    address = f"/flood/plans/{plan.pk}/in-force/"
    assert (address in client.get("/flood/").content.decode()) is offered
    client.post(address)
    plan.refresh_from_db()
    assert plan.publication == ("published" if offered else "draft")


# -- in force, and printed otherwise in the browser -------------------------------------------------

OTHER = differing(FIRST, duties=(UnitDuty("水利局", "巡查堤防。", 20), READ.duties[1]))


def proposed_in_the_browser(says: Says) -> tuple[ImportRun, PlanCorrection]:
    says(FIRST)
    by_command()
    says(OTHER)
    run = confirm_import(actor=person("editor"), run=previewed(), decisions={}, at=AT)
    return run, PlanCorrection.objects.get()


def test_a_browser_import_proposes_other_wording_for_a_plan_in_force_and_changes_nothing(says: Says) -> None:
    run, correction = proposed_in_the_browser(says)
    assert texts()["水利局"] == "巡查河道。" and correction.standing == "proposed"
    assert run.report["flood_plan"]["proposed"] == ["青河市方案（2031年）"]
    assert "启用中的防内涝方案没有改动" in browser_of("editor").get(run.get_absolute_url()).content.decode()
    desk = browser_of("publisher").get("/gazette/desk/?queue=reviews").content.decode()
    page = f"/flood/plans/{correction.plan_id}/corrections/"
    assert ">防内涝方案更正</span>" in desk and page in desk
    shown = browser_of("publisher").get(page).content.decode()
    assert "职责：水利局" in shown and "堤防" in shown and "签发</button>" in shown
    assert "须由另一人签发" in browser_of("editor").get(page).content.decode()


def test_another_person_signs_it_once_and_then_the_plan_has_the_wording(says: Says) -> None:
    _, correction = proposed_in_the_browser(says)
    with pytest.raises(PermissionRefused, match="另一位"):
        confirm_plan_texts(actor=person("editor"), at=AT, correction=correction)
    address = f"/flood/plans/{correction.plan_id}/corrections/{correction.pk}/confirm/"
    browser_of("viewer").post(address)
    assert texts()["水利局"] == "巡查河道。"
    assert "已签发" in browser_of("publisher").post(address, follow=True).content.decode()
    assert texts()["水利局"] == "巡查堤防。"
    browser_of("publisher").post(address)
    assert AuditEntry.objects.filter(action="flood_plan.texts").count() == 1


def test_a_voided_correction_leaves_the_plan_and_needs_a_reason(says: Says) -> None:
    _, correction = proposed_in_the_browser(says)
    address = f"/flood/plans/{correction.plan_id}/corrections/{correction.pk}/void/"
    assert "写明作废的理由" in browser_of("publisher").post(address, follow=True).content.decode()
    browser_of("publisher").post(address, {"reason": "仍按原方案"})
    correction.refresh_from_db()
    assert (correction.standing, texts()["水利局"]) == ("void", "巡查河道。")


def test_a_text_changed_since_is_not_overwritten(says: Says) -> None:
    _, correction = proposed_in_the_browser(says)
    Duty.objects.filter(printed_unit="水利局").update(text="巡查水库。")
    with pytest.raises(StateConflict, match="又有改动"):
        confirm_plan_texts(actor=person("publisher"), at=AT, correction=correction)
    assert texts()["水利局"] == "巡查水库。"


def test_while_one_waits_another_import_is_blocked_and_says_so(says: Says) -> None:
    proposed_in_the_browser(says)
    says(OTHER)
    again = confirm_import(actor=person("publisher"), run=previewed(), decisions={}, at=AT)
    assert again.report["blocked"] == ["青河市方案（2031年）"] and PlanCorrection.objects.count() == 1


# -- corrected by hand ----------------------------------------------------------------------------


def test_the_same_plan_again_changes_nothing(says: Says) -> None:
    says(FIRST)
    by_command()
    report = by_command()["flood_plan"]
    assert (report["created"], report["texts"], report["kept"], report["differing"]) == (0, 0, 0, [])


def test_wording_corrected_by_hand_stays_while_the_gazette_says_the_same(says: Says) -> None:
    says(FIRST)
    by_command()
    Duty.objects.filter(printed_unit="水利局").update(text="巡查河道和水库。")
    assert by_command()["flood_plan"]["texts"] == 0
    assert texts()["水利局"] == "巡查河道和水库。"


def test_wording_that_a_corrected_edition_brings_is_taken(says: Says) -> None:
    says(FIRST)
    by_command()
    says(differing(FIRST, duties=(UnitDuty("水利局", "巡查堤防。", 20), READ.duties[1])))
    assert by_command()["flood_plan"]["texts"] == 1
    assert texts() == {"水利局": "巡查堤防。", "住建局": "疏通管网。"}


@pytest.mark.parametrize(("choice", "stands"), [("mine", "巡查河道和水库。"), ("file", "巡查堤防。")])
def test_wording_that_both_changed_is_a_conflict_for_a_person(choice: str, stands: str, says: Says) -> None:
    says(FIRST)
    by_command()
    Duty.objects.filter(printed_unit="水利局").update(text="巡查河道和水库。")
    says(differing(FIRST, duties=(UnitDuty("水利局", "巡查堤防。", 20), READ.duties[1])))
    run = in_the_browser({f"flood_plan:{Plan.objects.get().pk}": choice})
    assert texts()["水利局"] == stands
    assert run.report["decided"] == [["青河市方案（2031年）", choice]]
    assert run.report["flood_plan"]["kept"] == (1 if choice == "mine" else 0)


def test_other_thresholds_are_named_in_preview_and_report_and_stay(says: Says) -> None:
    says(FIRST)
    by_command()
    says(differing(FIRST, criteria=(LevelCriterion(3, "rain_3h", 60, None, 12), READ.criteria[1])))
    (doubt,) = plan_import(differing(FIRST, criteria=(LevelCriterion(3, "rain_3h", 60, None, 12),))).doubts
    assert "60 起" in doubt.message and "50 起" in doubt.message and doubt.line == 12
    run = previewed()
    assert [w["code"] for w in run.preview["warnings"]] == ["threshold"]
    done = confirm_import(actor=None, run=run, decisions={}, at=AT)
    assert done.report["flood_plan"]["differing"] == [doubt.message]
    assert doubt.message in browser_of("editor").get(done.get_absolute_url()).content.decode()
    assert Plan.objects.get().criteria.get(level=3).lower == 50
