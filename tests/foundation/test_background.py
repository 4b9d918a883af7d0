"""Work for the background while the broker takes none: a sentence, and nothing pretends to wait."""

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from kombu.exceptions import OperationalError

from events import tasks as chronicle
from events.models import FilingRun
from foundation.background import BackgroundUnavailable, give
from taskboard import tasks
from tests.accounts import browser_of


class Away:
    """A task whose broker does not answer."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def delay(self, *args: Any) -> None:
        raise self.error


@pytest.mark.parametrize("error", [OperationalError("away"), ConnectionRefusedError(111, "refused")])
def test_a_broker_that_is_away_is_told_in_words(error: Exception) -> None:
    with pytest.raises(BackgroundUnavailable, match=r"后台程序现在不接收任务.*再试"):
        give(Away(error), 1)


def test_other_faults_are_not_hidden() -> None:
    with pytest.raises(KeyError):
        give(Away(KeyError("x")))


def test_what_was_given_arrives() -> None:
    given: list[Any] = []
    kept = Away(OSError())
    kept.delay = lambda *args: given.append(args)  # type: ignore[method-assign]
    give(kept, 1, "a")
    assert given == [(1, "a")]


@pytest.mark.django_db
def test_a_page_says_so_and_keeps_what_was_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(tasks.propose_record_links, "delay", away)
    monkeypatch.setattr(chronicle.preview_topics, "delay", away)
    client = browser_of("editor")
    for address in (reverse("taskboard:links_propose"), reverse("events:filing_start")):
        answer = client.post(address)
        assert answer.status_code == 503, address
        assert "后台程序现在不接收任务" in answer.content.decode()
    assert FilingRun.objects.count() == 1
    cache.clear()
