"""/metrics tells Prometheus how the portal is, and nobody else."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from notifications.models import Message
from tests.accounts import browser_of
from tests.zalantun.onerecord import one_of_each
from zalantun.metrics import backup_age
from zalantun.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "for-the-tests-only-0123456789"


@pytest.fixture(autouse=True)
def token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    portal.BROKER_DIR.mkdir(parents=True, exist_ok=True)


def read(client: Client | None = None) -> dict[tuple[str, str], float]:
    """Value by name and labels."""
    response = (client or Client()).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize("given", ["", "Bearer wrong", f"Basic {TOKEN}", "Bearer 令牌"])
def test_it_does_not_exist_without_the_token(given: str) -> None:
    assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


def test_no_account_opens_it() -> None:
    assert browser_of("system_admin").get("/metrics").status_code == 404


def test_it_does_not_exist_where_no_token_is_set(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_requests_are_measured_by_view_method_and_class_of_status() -> None:
    client = Client()
    before = read().get(("portal_request_seconds_count", "GET,2xx,events:index"), 0)
    client.get("/events/")
    client.get("/no-such-page/")
    after = read()
    assert after["portal_request_seconds_count", "GET,2xx,events:index"] == before + 1
    assert after["portal_request_seconds_count", "GET,4xx,none"] >= 1


def test_methods_that_callers_invent_are_measured_together() -> None:
    for number in range(3):
        Client().generic(f"INVENTED{number}", "/")
    methods = {labels for name, labels in read() if name == "portal_request_seconds_count"}
    assert any(labels.startswith("other,") for labels in methods)
    assert not any("INVENTED" in labels for labels in methods)


def test_it_tells_what_waits_and_how_long() -> None:
    one_of_each()
    now = timezone.now()
    Message.objects.all().update(state="sent")
    first = Message.objects.all()[:1].get()
    Message.objects.filter(pk=first.pk).update(state="pending", attempt_at=now - timedelta(seconds=90))
    Heartbeat.objects.update_or_create(name="beat/host", defaults={"at": now - timedelta(seconds=30)})
    values = read()
    assert values["portal_messages_due", ""] == 1
    assert 90 <= values["portal_messages_oldest_seconds", ""] < 120
    assert 30 <= values["portal_heartbeat_age_seconds", "beat/host"] < 60
    assert values["portal_up", "database"] == 1
    assert values["portal_up", "worker"] == 0
    assert values["portal_disk_free_bytes", ""] > 0
    assert values["portal_search_pending", ""] > 0


def test_a_message_whose_time_has_not_come_does_not_wait() -> None:
    one_of_each()
    later = timezone.now() + timedelta(hours=1)
    Message.objects.all().update(state="pending", attempt_at=later)
    assert read()["portal_messages_due", ""] == 0


def test_the_age_of_a_backup_is_that_of_the_newest(tmp_path: Path) -> None:
    now = timezone.now()
    assert backup_age(tmp_path / "none", now=now) is None
    assert backup_age(tmp_path, now=now) is None
    for name, age in (("portal-1.zip", 7200), ("portal-2.zip", 3600), ("note.txt", 10)):
        path = tmp_path / name
        path.touch()
        os.utime(path, (now.timestamp() - age, now.timestamp() - age))
    assert backup_age(tmp_path, now=now) == pytest.approx(3600, abs=1)
