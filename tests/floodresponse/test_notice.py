"""The notice of each change of level: an official document with its own number."""

from typing import Any

import pytest
from django.utils import timezone

from floodresponse.models import Measure, Plan, Response
from floodresponse.printing import notice_of
from printing.rendering import render_pdf
from tests.accounts import browser_of
from tests.floodresponse.city import Phone, gauge, make_plan, rained
from tests.printing.measure import ink_box, picture_of, reader_of, run_with, text_of

pytestmark = pytest.mark.django_db
WHY = "上游来水加大，提前处置"
# So many lines more and the text of the notice ends at the foot of a page.
FULL_PAGE = range(14, 17)


@pytest.fixture
def commander(settings: Any) -> Phone:
    settings.CITY_NAME = "青河市"
    make_plan()
    plan = Plan.objects.get()
    Measure.objects.create(plan=plan, situation="aftermath", order=1, summary="清淤消杀")
    return Phone("commander")


def declared(commander: Phone, **more: Any) -> Response:
    given = {"level": "II", "reason": WHY, "authorised_by": "林指挥长", **more}
    return Response.objects.get(pk=commander.post("responses/", given)["id"])


def printed(response: Response, query: str = "", role: str = "viewer") -> bytes:
    answer = browser_of(role).get(f"/flood/responses/{response.pk}/notice.pdf{query}")
    assert answer.status_code == 200, answer.content[:300]
    assert answer["Content-Type"] == "application/pdf"
    content: bytes = answer.content
    return content


def test_the_notice_says_what_who_why_and_what_to_do(commander: Phone) -> None:
    rained(gauge(name="北门站"), "60")
    pdf = printed(declared(commander))
    text, year = text_of(pdf), timezone.localdate().year
    for words in (
        "青河市防内涝指挥部文件",
        f"青防涝指〔{year}〕1号",
        "关于启动防内涝II级（橙色）应急响应的通知",
        "经林指挥长同意",
        "北门站3小时雨量60毫米（II级条件50毫米）",
        WHY,
        "队伍全部到位",
        "鸣放防空警报3次，每次2分钟",
        "抄送：市委办公室，市政府办公室。",
    ):
        assert words in text, words


def test_the_mark_is_red_and_stands_where_the_standard_has_it(commander: Phone) -> None:
    pdf = printed(declared(commander))
    left, _, right, _ = ink_box(picture_of(pdf), top=60, bottom=95)
    assert (left + right) / 2 == pytest.approx(28 + 78, abs=1)
    assert run_with(pdf, "青防涝指").size == pytest.approx(16, abs=0.01)
    assert len(reader_of(pdf).pages) <= 3


def test_each_change_has_its_own_notice(commander: Phone) -> None:
    response = declared(commander)
    commander.post(f"responses/{response.pk}/adjust/", {"level": "III", "reason": WHY}, status=200)
    commander.post(f"responses/{response.pk}/terminate/", {"reason": WHY}, status=200)
    first, second, last = (text_of(printed(response, query)) for query in ("?n=1", "?n=2", ""))
    assert "〕1号" in first and "启动防内涝II级" in first
    assert "〕2号" in second and "关于将防内涝应急响应由II级（橙色）调整为III级（黄色）的通知" in second
    assert "鸣放" not in second
    assert "〕3号" in last and "终止防内涝III级" in last and "清淤消杀" in last


def test_a_drill_says_so_in_mark_number_and_title(commander: Phone) -> None:
    text = text_of(printed(declared(commander, exercise=True)))
    assert "指挥部演练文件" in text and "青防涝指演〔" in text and "（演练）青河市" in text
    assert "抄送" not in text and "鸣放" not in text


@pytest.mark.parametrize("query", ["?n=0", "?n=9", "?n=x", "?n=99999999999999999999", "?n=-1"])
def test_a_notice_that_was_never_issued_is_not_found(commander: Phone, query: str) -> None:
    response = declared(commander)
    address = f"/flood/responses/{response.pk}/notice.pdf{query}"
    assert browser_of("viewer").get(address).status_code == 404
    assert browser_of("viewer").get("/flood/responses/99999/notice.pdf").status_code == 404


def test_visitors_sign_in_first_and_tokens_open_it(commander: Phone) -> None:
    address = f"/flood/responses/{declared(commander).pk}/notice.pdf"
    assert browser_of("anonymous").get(address)["Location"].startswith("/accounts/login/")
    assert browser_of(None).get(address).status_code == 403
    assert commander.http.get(address)["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("lines", FULL_PAGE)
def test_the_signature_never_stands_alone_on_a_page(commander: Phone, lines: int) -> None:
    paper = notice_of(declared(commander).levels.get(), None)
    today = timezone.localdate()
    signature = f"青河市防内涝指挥部{today.year}年{today.month}月{today.day}日"
    text = paper.html.replace('<div class="signature', "<p>清淤。</p>" * lines + '<div class="signature')
    assert text != paper.html
    found = reader_of(render_pdf(text, layout=paper.layout)).pages
    pages = ["".join(page.extract_text().split()) for page in found]
    (signed,) = (page for page in pages if signature in page)
    assert not signed.startswith(signature)
