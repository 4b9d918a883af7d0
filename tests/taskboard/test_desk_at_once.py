"""Two people at the desk at the same moment: each urging once, each number once and none left out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from foundation.errors import StateConflict
from notifications.models import Message
from taskboard.models import Bulletin, Urging
from taskboard.services import urge
from taskboard.services.bulletins import compose_bulletin, move_bulletin
from tests.accounts import person
from tests.taskboard.campaign import campaign

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2023, 6, 5, 1, 0, tzinfo=UTC)


def at_once(steps: list[Callable[[], object]]) -> list[str]:
    """Take the steps in threads of their own; returns the sentences of those that were refused."""

    def run(step: Callable[[], object]) -> str:
        try:
            step()
        except StateConflict as refusal:
            return refusal.message
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(steps)) as pool:
        return [sentence for sentence in pool.map(run, steps) if sentence]


def test_a_task_is_urged_once_and_the_second_is_told_by_whom() -> None:
    world = campaign()
    task = world.task("issued")
    Message.objects.all().delete()

    def press() -> object:
        return urge(actor=world.supervisor, at=NOW, text="请抓紧", tasks=[task])

    refused = at_once([press, press])
    assert len(refused) == 1 and "今天已由督查员甲" in refused[0]
    assert Urging.objects.count() == 1
    assert Message.objects.filter(about=f"task:{task.pk}:urge").count() == 1


def test_bulletins_published_at_once_take_numbers_without_a_gap() -> None:
    writer, signer = person("supervisor"), person("publisher")
    drafts = [
        compose_bulletin(actor=writer, at=NOW, start=date(2023, 5, 1), end=date(2023, 5, 31))
        for _ in range(3)
    ]

    def publish(draft: Bulletin) -> Callable[[], object]:
        return lambda: move_bulletin(
            actor=signer, at=NOW, bulletin=draft, step="publish", version=draft.version
        )

    # The first one is published by two people at once as well.
    refused = at_once([publish(draft) for draft in (*drafts, drafts[0])])
    assert len(refused) == 1 and "已印发" in refused[0]
    assert set(Bulletin.objects.values_list("number", flat=True)) == {1, 2, 3}
