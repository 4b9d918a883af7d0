"""Following a document: told once of each thing that happens to it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directives.models import Directive, Follow, StatusChange
from directives.services.following import follow_directive, tell_followers, unfollow_directive
from directives.tasks import tell_followers as the_sweep
from foundation.errors import StateConflict
from notifications.models import Message
from tests.accounts import browser_of, person
from tests.factories import DirectiveFactory

pytestmark = pytest.mark.django_db
AT = datetime(2023, 9, 1, 4, 0, tzinfo=UTC)  # noon of 1 September in Shanghai


@pytest.fixture
def followed() -> Directive:
    directive = DirectiveFactory(title="供热方案")
    follow_directive(actor=person("viewer"), at=AT, directive=directive)
    return directive


def becomes(directive: Directive, status: str, day: date, **more) -> StatusChange:
    values = {"standing": "confirmed", **more}
    return StatusChange.objects.create(directive=directive, status=status, effective_on=day, **values)


def told() -> list[str]:
    return list(Message.objects.filter(channel="inbox").order_by("pk").values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("status", "words"), [("amended", "已修改"), ("repealed", "已废止"), ("expired", "已失效")]
)
def test_a_change_of_state_is_told_once(followed: Directive, status: str, words: str) -> None:
    becomes(followed, status, date(2023, 9, 1))
    assert (tell_followers(at=AT), tell_followers(at=AT + timedelta(minutes=1))) == (1, 0)
    assert told() == [f"《供热方案》{words}"]


def test_a_title_inside_the_title_takes_the_inner_marks() -> None:
    directive = DirectiveFactory(title="关于印发《供热方案》的通知")
    follow_directive(actor=person("viewer"), at=AT, directive=directive)
    becomes(directive, "amended", date(2023, 9, 1))
    assert tell_followers(at=AT) == 1 and told() == ["《关于印发〈供热方案〉的通知》已修改"]


@pytest.mark.parametrize(("day", "messages"), [(31, 1), (1, 1), (2, 0)])
def test_it_is_told_when_it_takes_effect(followed: Directive, day: int, messages: int) -> None:
    becomes(followed, "expired", date(2023, 8 if day == 31 else 9, day))
    assert tell_followers(at=AT) == messages


def test_what_waits_for_its_signature_is_not_told(followed: Directive) -> None:
    change = becomes(followed, "repealed", date(2023, 9, 1), standing="proposed")
    assert tell_followers(at=AT) == 0
    StatusChange.objects.filter(pk=change.pk).update(standing="confirmed")
    assert tell_followers(at=AT) == 1


def test_a_citation_is_told_when_its_document_is_published(followed: Directive) -> None:
    citing = DirectiveFactory(title="新通知", publication="draft")
    for order in (1, 2):
        citing.citations.create(order=order, title="供热方案", target=followed)
    assert tell_followers(at=AT) == 0
    Directive.objects.filter(pk=citing.pk).update(publication="published")
    assert (tell_followers(at=AT), tell_followers(at=AT)) == (1, 0)
    assert told() == ["《供热方案》被新文件引用"]


def test_a_citation_in_what_one_may_not_see_is_not_told() -> None:
    directive = DirectiveFactory()
    follow_directive(actor=person(None), at=AT, directive=directive)
    citing = DirectiveFactory(is_public=False)
    citing.citations.create(order=1, title="x", target=directive)
    assert tell_followers(at=AT) == 0
    Directive.objects.filter(pk=citing.pk).update(is_public=True)
    assert tell_followers(at=AT) == 1


def test_what_was_so_before_is_not_told_nor_after_following_again(followed: Directive) -> None:
    becomes(followed, "amended", date(2023, 9, 1))
    tell_followers(at=AT)
    unfollow_directive(actor=person("viewer"), directive=followed)
    follow_directive(actor=person("viewer"), at=AT, directive=followed)
    assert tell_followers(at=AT) == 0 and len(told()) == 1


def test_a_withdrawn_document_tells_nobody(followed: Directive) -> None:
    becomes(followed, "repealed", date(2023, 9, 1))
    Directive.objects.update(publication="withdrawn")
    assert tell_followers(at=AT) == 0


def test_pressing_twice_is_one_follow_and_one_sentence(followed: Directive) -> None:
    with pytest.raises(StateConflict, match="已经关注"):
        follow_directive(actor=person("viewer"), at=AT, directive=followed)
    unfollow_directive(actor=person("viewer"), directive=followed)
    with pytest.raises(StateConflict, match="没有关注"):
        unfollow_directive(actor=person("viewer"), directive=followed)


def test_the_sweep_asks_no_more_for_more_follows(followed: Directive) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            the_sweep()
        return len(queries)

    first = cost()
    for name in "abcde":
        follow_directive(actor=person("viewer", name), at=AT, directive=DirectiveFactory())
    assert cost() == first


class TestPages:
    def test_from_the_document_to_the_list_and_back(self) -> None:
        directive = DirectiveFactory(title="供热方案")
        browser = browser_of("viewer")
        page = browser.get(directive.get_absolute_url()).content.decode()
        assert f'action="/directives/{directive.pk}/follow/"' in page
        browser.post(f"/directives/{directive.pk}/follow/")
        assert "供热方案" in browser.get("/directives/followed/").content.decode()
        assert "取消关注" in browser.get(directive.get_absolute_url()).content.decode()
        assert browser.post(f"/directives/{directive.pk}/follow/").status_code == 409
        browser.post(f"/directives/{directive.pk}/unfollow/", {"from": "list"})
        assert "还没有关注文件" in browser.get("/directives/followed/").content.decode()
        assert not Follow.objects.exists()

    @pytest.mark.parametrize("role", ["viewer", "editor", "commander", None])
    def test_each_sees_only_what_he_follows(self, followed: Directive, role: str | None) -> None:
        page = browser_of(role).get("/directives/followed/").context["page"]
        assert page.paginator.count == (1 if role == "viewer" else 0)

    @pytest.mark.parametrize("typed", ["青政发[2023]5号", "（2023）5", "供热"])
    def test_found_by_words_and_by_number_in_any_brackets(self, typed: str) -> None:
        for number, title in enumerate(("供热方案", "绿化方案"), start=5):
            directive = DirectiveFactory(title=title, number=f"青政发〔2023〕{number}号")
            follow_directive(actor=person("viewer"), at=AT, directive=directive)
        page = browser_of("viewer").get("/directives/followed/", {"q": typed}).context["page"]
        assert [follow.directive.title for follow in page] == ["供热方案"]

    def test_visitors_have_no_button_and_are_asked_to_sign_in(self) -> None:
        directive = DirectiveFactory()
        browser = browser_of("anonymous")
        assert "/follow/" not in browser.get(directive.get_absolute_url()).content.decode()
        for answer in (
            browser.post(f"/directives/{directive.pk}/follow/"),
            browser.get("/directives/followed/"),
        ):
            assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]

    def test_what_one_may_not_see_cannot_be_followed(self) -> None:
        draft = DirectiveFactory(publication="draft")
        assert browser_of("viewer").post(f"/directives/{draft.pk}/follow/").status_code == 404

    def test_the_list_can_be_taken_along(self, followed: Directive) -> None:
        table = b"".join(browser_of("viewer").get("/directives/followed/followed.csv")).decode()
        assert "供热方案" in table and "2023-09-01 12:00" in table
