"""The chronicle of a month on paper."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from events.models import Correction, Event
from tests.accounts import browser_of, person, token_for
from tests.factories import EventFactory, PersonFactory
from tests.printing.measure import facts_of, outline_of, run_with, runs_of, text_of

pytestmark = pytest.mark.django_db
ADDRESS = "/events/2023/05/bulletin.pdf"
SOURCE = "《青河市人民政府公报》2023年5月"


def entry(day: int, text: str, *, until: int = 0, **fields: Any) -> Event:
    return EventFactory(
        start_date=date(2023, 5, day),
        end_date=date(2023, 5, until or day),
        title=text[:20],
        text=text,
        **fields,
    )


def printed(role: str = "anonymous", address: str = ADDRESS) -> bytes:
    response = browser_of(role).get(address)
    assert response.status_code == 200, response.content.decode()
    return bytes(response.content)


def test_the_month_is_printed_in_order_with_its_title_source_and_days() -> None:
    entry(8, "青河市召开防汛会议。")
    entry(8, "青河市开展植树活动。")
    entry(9, "青河市举办运动会。", until=12)
    entry(2, "青河市部署春耕。")
    pdf = printed()
    text = text_of(pdf)
    order = ["2023年5月大事记", f"（来源：{SOURCE}）", "2日青河市部署春耕。", "8日青河市召开防汛会议。"]
    order += ["☆青河市开展植树活动。", "9～12日青河市举办运动会。"]
    places = [text.find(words) for words in order]
    assert -1 not in places and places == sorted(places)
    assert run_with(pdf, "9～12日").font == "Noto-Sans-CJK-SC"
    assert run_with(pdf, "2023年5月大事记").size == pytest.approx(22, abs=0.01)


def test_the_outline_leads_to_each_day_and_the_file_knows_its_title() -> None:
    entry(8, "青河市召开防汛会议。")
    entry(8, "青河市开展植树活动。")
    entry(10, "青河市举办运动会。")
    pdf = printed()
    assert [line.title for line in outline_of(pdf)[1]] == ["8日（2条）", "10日（1条）"]
    facts = facts_of(pdf)
    assert facts["/Title"].endswith("2023年5月大事记") and facts["/Author"]


def test_entries_of_other_months_are_not_printed() -> None:
    entry(8, "青河市召开防汛会议。")
    EventFactory(start_date=date(2023, 6, 1), text="六月的条目。")
    EventFactory(start_date=date(2023, 4, 29), end_date=date(2023, 5, 2), text="四月开始的条目。")
    text = text_of(printed())
    assert "六月" not in text and "四月" not in text


def test_drafts_are_for_editors_and_marked_on_every_page() -> None:
    entry(8, "已发布的条目。")
    entry(9, "草稿里的条目。", publication=Event.Publication.DRAFT)
    entry(10, "撤回了的条目。", publication=Event.Publication.WITHDRAWN)
    for role in ("anonymous", "viewer"):
        text = text_of(printed(role))
        assert "草稿" not in text and "撤回" not in text
    editors = text_of(printed("editor"))
    assert "草稿里的条目。（草稿）" in editors and "撤回" not in editors
    # The visitor's copy stays the visitor's, whoever asked in between.
    assert "草稿" not in text_of(printed())


def test_a_misprint_stays_and_its_remark_stands_below_the_entry() -> None:
    official = PersonFactory(name="林海")
    found = entry(8, "林悔出席会议，植树三千棵。")
    found.officials.create(person=official, order=1, printed_name="林悔")
    Correction.objects.create(event=found, printed="三千棵", corrected="三百棵", made_on=date(2023, 6, 1))
    pdf = printed()
    text = text_of(pdf)
    assert "林悔①出席会议，植树三千棵②。" in text
    assert "①原文如此，应为林海" in text and "②原文如此，应为三百棵" in text
    sentence, remark = run_with(pdf, "出席会议"), run_with(pdf, "应为林海")
    assert sentence.y < remark.y < sentence.y + 30
    assert remark.size < 11


def test_an_entry_without_its_official_text_is_said_to_be_a_summary() -> None:
    entry(8, "有原文的条目。")
    EventFactory(start_date=date(2023, 5, 9), title="只有标题的条目", text="")
    assert "只有标题的条目（公报原文未导入，此为摘编）" in text_of(printed())


def test_a_month_of_summaries_says_so_once() -> None:
    for day in (8, 9):
        EventFactory(start_date=date(2023, 5, day), title=f"{day}号的事", text="")
    text = text_of(printed())
    assert text.count("公报原文尚未导入") == 1 and "摘编）" not in text


def test_markup_in_a_text_is_printed_as_text() -> None:
    entry(8, "青河市<b>召开</b>&会议<img src=file:///etc/passwd>。")
    assert "青河市<b>召开</b>&会议<imgsrc=file:///etc/passwd>。" in text_of(printed())


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/events/2023/06/bulletin.pdf", "2023年6月没有可以打印的大事记"),
        ("/events/2023/13/bulletin.pdf", "日历上没有2023年13月"),
        ("/events/2023/00/bulletin.pdf", "日历上没有2023年0月"),
    ],
)
def test_a_month_without_entries_or_outside_the_calendar_is_answered_in_a_sentence(
    address: str, sentence: str
) -> None:
    entry(8, "青河市召开防汛会议。")
    response = Client().get(address)
    assert response.status_code == 404 and sentence in response.content.decode()


def test_a_month_of_drafts_does_not_exist_for_visitors() -> None:
    entry(8, "草稿里的条目。", publication=Event.Publication.DRAFT)
    assert Client().get(ADDRESS).status_code == 404
    assert browser_of("editor").get(ADDRESS).status_code == 200


def test_a_token_opens_what_its_owner_may_see() -> None:
    entry(8, "草稿里的条目。", publication=Event.Publication.DRAFT)
    keys = {role: token_for(person(role)) for role in ("editor", "viewer")}
    answers = {role: Client().get(ADDRESS, headers={"Authorization": f"Token {keys[role]}"}) for role in keys}
    assert answers["editor"].status_code == 200 and answers["viewer"].status_code == 404


def test_a_wrong_token_is_refused_even_where_no_token_is_needed() -> None:
    entry(8, "青河市召开防汛会议。")
    response = Client().get(ADDRESS, headers={"Authorization": "Token wrong"})
    assert response.status_code == 401 and response["WWW-Authenticate"] == "Token"
    assert "访问令牌无效" in response.content.decode()


def test_the_file_has_a_chinese_name_and_a_tag_that_changes_with_the_content() -> None:
    found = entry(8, "青河市召开防汛会议。")
    client = Client()
    first = client.get(ADDRESS)
    assert quote("2023年5月大事记.pdf") in first["Content-Disposition"]
    assert client.get(ADDRESS)["ETag"] == first["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": first["ETag"]}).status_code == 304
    found.text = "青河市召开抗旱会议。"
    found.save()
    changed = client.get(ADDRESS, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and "抗旱" in text_of(bytes(changed.content))


def test_only_reading_is_possible() -> None:
    entry(8, "青河市召开防汛会议。")
    assert Client().post(ADDRESS).status_code == 405
    assert Client().head(ADDRESS).status_code == 200


def test_gazette_text_carries_no_head_of_an_issued_document() -> None:
    entry(8, "青河市召开防汛会议。")
    words = {run.text for run in runs_of(printed())}
    assert any("公报文本" in word for word in words) and not any("文件" in word for word in words)


def test_the_month_page_offers_the_print(client: Client) -> None:
    entry(8, "青河市召开防汛会议。")
    assert ADDRESS in client.get("/events/2023/05/").content.decode()


def test_a_month_is_read_in_a_constant_number_of_queries(django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        entry(number % 28 + 1, f"第{number}条。", people=[PersonFactory()])
    client = Client()
    with django_assert_max_num_queries(8):
        client.get(ADDRESS)
