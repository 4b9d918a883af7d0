"""Searches that a person keeps: saved, renamed, removed, and told about without ever repeating a record."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from directives.models import Topic
from events.models import Event
from notifications.models import Message
from organizations.models import Department, User
from search.models import SavedSearch, ToldRecord
from search.services.saving import MOST_SAVED
from tests.accounts import browser_of, person
from tests.atonce import press_at_once
from tests.factories import DepartmentFactory, EventFactory, TaskFactory
from zalantun.celery import BEAT_SCHEDULE
from zalantun.search.saved import change_saved, is_due, save_search, send_digests

pytestmark = pytest.mark.django_db
MONDAY = datetime(2023, 5, 8, 0, 10, tzinfo=UTC)


def saved(address: str = "q=供热", rhythm: str = "daily", role: str = "viewer") -> SavedSearch:
    return save_search(owner=person(role), address=address, name="", rhythm=rhythm, at=MONDAY)


def digest(days: int) -> list[Message]:
    """The messages that the morning so many days later brings."""
    known = set(Message.objects.values_list("pk", flat=True))
    at = MONDAY + timedelta(days=days)
    send_digests(on_day=localdate(at), at=at)
    return list(Message.objects.exclude(pk__in=known))


# -- what a digest tells ------------------------------------------------------------------------


def test_what_was_found_when_it_was_saved_is_not_news_and_what_comes_is_told_once() -> None:
    EventFactory(title="旧的供热检查")
    search = saved()
    assert digest(1) == []
    EventFactory(title="新的供热检查")
    (message,) = digest(2)
    assert message.recipient == search.owner and message.subject == "保存的搜索“供热”有 1 条新结果"
    assert message.body == "1. 大事记：新的供热检查" and message.url == f"/search/saved/{search.pk}/"
    assert digest(3) == []


def test_a_changed_record_is_not_told_again() -> None:
    event = EventFactory(title="甲", text="别的事。")
    saved()
    Event.objects.filter(pk=event.pk).update(text="供热。")
    assert len(digest(1)) == 1
    Event.objects.filter(pk=event.pk).update(text="别的事。")
    assert digest(2) == []
    Event.objects.filter(pk=event.pk).update(text="供热检修。")
    assert digest(3) == []


def test_a_digest_that_runs_twice_in_a_morning_tells_once() -> None:
    saved()
    EventFactory(title="供热检查")
    assert len(digest(1)) == 1
    EventFactory(title="又一次供热检查")
    assert digest(1) == [] and len(digest(2)) == 1


def test_more_than_twenty_are_counted() -> None:
    saved()
    EventFactory.create_batch(21, text="供热。")
    (message,) = digest(1)
    assert "有 21 条新结果" in message.subject and message.body.endswith("另有 1 条，请打开搜索查看。")


def test_a_digest_holds_only_what_its_owner_may_see() -> None:
    saved("q=堵漏", role="viewer")
    account = saved("q=堵漏", role="")
    TaskFactory(title="堵漏")
    EventFactory(title="堵漏", publication="draft")
    (message,) = digest(1)
    assert message.recipient != account.owner and message.body == "1. 任务：堵漏"


@pytest.mark.parametrize(
    ("rhythm", "days", "due"),
    [
        ("daily", 0, False),
        ("daily", 1, True),
        ("weekly", 6, False),
        ("weekly", 7, True),
        ("weekly", 8, True),
        ("never", 7, False),
    ],
)
def test_a_digest_is_due_by_its_rhythm_and_a_missed_day_is_made_up(rhythm: str, days: int, due: bool) -> None:
    search = saved(rhythm=rhythm)
    assert is_due(search, date(2023, 5, 8) + timedelta(days=days)) is due


def test_the_clock_sends_digests() -> None:
    assert BEAT_SCHEDULE["tell-saved-searches"]["task"] == "zalantun.tasks.tell_saved_searches"


def test_a_suspended_account_is_told_nothing() -> None:
    search = saved()
    User.objects.filter(pk=search.owner.pk).update(is_active=False)
    EventFactory(title="供热检查")
    assert digest(1) == []


def test_a_condition_that_is_no_more_is_told_once() -> None:
    DepartmentFactory(name="水务局", slug="shuiwu")
    saved("q=供热&department=shuiwu")
    Department.objects.filter(slug="shuiwu").delete()
    (message,) = digest(1)
    assert "已失效" in message.subject and "没有找到部门“shuiwu”" in message.body
    assert digest(2) == []


def test_a_search_that_begins_to_tell_knows_what_it_finds_then() -> None:
    search = saved(rhythm="never")
    EventFactory(title="供热检查")
    change_saved(saved=search, name="供热", rhythm="daily", at=MONDAY)
    assert digest(1) == [] and ToldRecord.objects.filter(search=search).count() == 1


def test_a_search_with_too_many_hits_cannot_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.finding.COUNTED", 2)
    EventFactory.create_batch(3, text="供热。")
    page = post(browser_of("viewer"), "add/", query="q=供热", name="", rhythm="daily")
    assert "请缩小范围，或选择“不推送”保存" in page
    assert "已保存搜索" in post(browser_of("viewer"), "add/", query="q=供热", name="", rhythm="never")


# -- the pages ----------------------------------------------------------------------------------


def post(client: Client, address: str, **sent: str) -> str:
    response: Any = client.post(f"/search/saved/{address}", sent, follow=True)
    return str(response.content.decode())


def test_a_search_is_saved_from_its_page_listed_renamed_and_removed() -> None:
    topic = Topic.objects.create(name="供热", slug="heating")
    EventFactory(text="供热。").topics.add(topic)
    client = browser_of("viewer")
    assert "保存这次搜索" in client.get("/search/", {"q": "供热"}).content.decode()
    page = post(client, "add/", query="topic=heating&q=供热&year=2023&page=2", name=" 供热 ", rhythm="weekly")
    assert "已保存搜索“供热”" in page and "供热、2023年、指定主题" in page
    search = SavedSearch.objects.get()
    assert search.query == "q=%E4%BE%9B%E7%83%AD&year=2023&topic=heating"
    assert client.get(f"/search/saved/{search.pk}/")["Location"] == f"/search/?{search.query}"
    assert "已更改搜索“冬季供热”" in post(client, f"{search.pk}/change/", name="冬季供热", rhythm="never")
    assert "已删除搜索“冬季供热”" in post(client, f"{search.pk}/remove/")
    assert "还没有保存搜索" in client.get("/search/saved/").content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"query": "", "name": "甲", "rhythm": "never"}, "没有可以保存的搜索条件"),
        ({"query": "q=热&kind=x", "name": "甲", "rhythm": "never"}, "没有“x”这一类记录"),
        ({"query": "q=供热", "name": "乙", "rhythm": "never"}, "这个搜索已经保存过，名称是“供热”"),
        ({"query": "q=热", "name": "供热", "rhythm": "never"}, "已经有名为“供热”的搜索"),
        ({"query": "q=热", "name": "长" * 61, "rhythm": "never"}, "名称不能超过 60 个字"),
        ({"query": "q=热", "name": "甲", "rhythm": "hourly"}, "没有这种推送方式"),
    ],
)
def test_what_cannot_be_saved_is_said(sent: dict[str, str], sentence: str) -> None:
    saved(rhythm="never")
    assert sentence in post(browser_of("viewer"), "add/", **sent)
    assert SavedSearch.objects.count() == 1


def test_no_more_than_fifty_are_kept() -> None:
    owner = person("viewer")
    SavedSearch.objects.bulk_create(
        SavedSearch(owner=owner, name=f"{n}", query=f"q={n}", created_at=MONDAY)
        for n in range(MOST_SAVED - 1)
    )
    client = browser_of("viewer")
    assert "已保存搜索" in post(client, "add/", query="q=供热", name="", rhythm="never")
    assert "最多保存 50 个搜索" in post(client, "add/", query="q=检查", name="", rhythm="never")


@pytest.mark.parametrize("step", ["", "change/", "remove/"])
def test_nobody_opens_or_changes_what_another_keeps(step: str) -> None:
    search = saved(rhythm="never")
    method = "post" if step else "get"
    for role in ("editor", "system_admin"):
        assert getattr(browser_of(role), method)(f"/search/saved/{search.pk}/{step}").status_code == 404
    visitor = getattr(browser_of("anonymous"), method)(f"/search/saved/{search.pk}/{step}")
    assert visitor.status_code == 302 and visitor["Location"].startswith("/accounts/login/")


def test_visitors_are_offered_no_saving() -> None:
    EventFactory(text="供热。")
    page = browser_of("anonymous").get("/search/", {"q": "供热"}).content.decode()
    assert "保存这次搜索" not in page and "保存的搜索" not in page


@pytest.mark.django_db(transaction=True)
def test_two_digests_at_once_tell_once() -> None:
    saved()
    EventFactory(title="供热检查")
    at = MONDAY + timedelta(days=1)
    press_at_once([lambda: send_digests(on_day=localdate(at), at=at)] * 2)
    assert Message.objects.count() == 1 and ToldRecord.objects.count() == 1
