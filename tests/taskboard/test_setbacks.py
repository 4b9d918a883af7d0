"""A percentage or a quantity that falls is explained (进度回落)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from foundation.errors import InvalidInput
from taskboard import services
from taskboard.models import ProgressReport, Task
from tests.accounts import token_for
from tests.taskboard.campaign import NOW, Campaign, campaign

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def report(world: Campaign, task: Task, percent: int, **values: Any) -> ProgressReport:
    values = {"actor": world.lead, "at": LATER, "text": f"到{percent}", **values}
    return services.report_progress(task=task, percent=percent, **values)


@pytest.mark.parametrize(("percent", "falls"), [(39, True), (40, False), (41, False)])
def test_a_lower_percentage_needs_an_explanation(percent: int, falls: bool) -> None:
    world = campaign()
    task = world.task("in_progress")
    if not falls:
        assert report(world, task, percent, setback="").setback == ""
        return
    with pytest.raises(InvalidInput, match="进度由 40% 降为 39%，比上次报送的低") as refused:
        report(world, task, percent, setback=" ")
    assert set(refused.value.fields) == {"setback"}
    assert task.reports.count() == 1
    assert report(world, task, percent, setback="返工").setback == "返工"


def test_another_department_is_measured_by_its_own_reports() -> None:
    world = campaign()
    task = world.task("in_progress")
    assert report(world, task, 10, actor=world.supporter, setback="").setback == ""


@pytest.mark.parametrize(
    ("value", "at_least", "falls"),
    [("99.99", True, True), ("100", True, False), ("100.01", True, False), ("99.99", False, False)],
)
def test_a_lower_quantity_needs_an_explanation_where_more_is_better(
    value: str, at_least: bool, falls: bool
) -> None:
    world = campaign()
    task = world.task("in_progress")
    target = task.targets.create(name="修补", value=Decimal(5700), unit="平方米", at_least=at_least)
    report(world, task, 50, quantities={target.pk: Decimal(100)}, setback="")
    values: dict[str, Any] = {"quantities": {target.pk: Decimal(value)}, "text": "又报", "setback": ""}
    if falls:
        with pytest.raises(InvalidInput, match=r"修补由 100 降为 99\.99平方米"):
            report(world, task, 50, **values)
    else:
        report(world, task, 50, **values)
    assert task.reports.count() == (2 if falls else 3)


def test_the_page_asks_keeps_what_was_typed_and_shows_the_reason() -> None:
    world = campaign()
    task = world.task("in_progress")
    browser = Client()
    browser.force_login(world.lead)
    address = f"{task.get_absolute_url()}progress/"
    refused = browser.post(address, {"percent": 30, "text": "有一段返工"})
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "请写明回落的原因" in page and "有一段返工</textarea>" in page
    browser.post(address, {"percent": 30, "text": "有一段返工", "setback": "沟壁塌了一段"})
    task.refresh_from_db()
    assert task.percent == 30
    assert "沟壁塌了一段" in browser.get(task.get_absolute_url()).content.decode()


def test_in_the_interface_the_text_counts_unless_a_reason_is_given() -> None:
    world = campaign()
    task = world.task("in_progress")
    target = task.targets.create(name="修补", value=Decimal(5700), unit="平方米")
    http = APIClient()
    http.credentials(HTTP_AUTHORIZATION=f"Token {token_for(world.lead)}")
    address = f"/api/v1/tasks/{task.pk}/progress/"
    for sent in (
        {"percent": 30, "text": "返工一段"},
        {"percent": 20, "text": "又返工", "setback": "沟壁塌了"},
        {"percent": 60, "text": "补上了", "quantities": {str(target.pk): "12.5"}},
    ):
        answer = http.post(address, sent, format="json")
        assert answer.status_code == 200, answer.json()
    assert list(task.reports.values_list("setback", flat=True)) == ["", "返工一段", "沟壁塌了", ""]
    shown = http.get(f"/api/v1/tasks/{task.pk}/").json()["targets"][0]
    assert (shown["id"], shown["reached"]) == (target.pk, "12.50")
    wrong = http.post(address, {"percent": 60, "text": "x", "quantities": {"a": "1"}}, format="json")
    assert wrong.status_code == 400 and "quantities" in wrong.json()
