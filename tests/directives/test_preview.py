"""What is being typed, seen on paper before it is saved."""

from pathlib import Path
from typing import Any

import pytest

from directives.models import Directive
from directives.writing.preview import paced
from printing import Layout, printouts, store, tasks
from printing.printouts import Printout
from tests.accounts import browser_of
from tests.directives.test_writing import FACTS, fields_of
from tests.factories import DirectiveFactory, SectionFactory
from tests.printing.measure import colours_of, picture_of, reader_of, text_of

pytestmark = pytest.mark.django_db
NEW = "/directives/new/preview.pdf"


def typed(address: str, *steps: str, **values: str) -> dict[str, str]:
    """The form of a page, filled in."""
    editor = browser_of("editor")
    fields = fields_of(editor.get(address))
    for step in steps:
        fields = fields_of(editor.post(address, fields | {"step": step}))
    return fields | values


def preview(fields: dict[str, str], address: str = NEW, role: str = "editor") -> Any:
    return browser_of(role).post(address, fields)


def test_a_new_text_is_shown_as_an_official_document_marked_as_a_draft_and_nothing_is_stored() -> None:
    fields = typed(
        "/directives/new/",
        **FACTS,
        number="青政发(2023)8号",
        addressees="各街道\n各单位",
        preamble="请认真执行。",
    )
    response = preview(fields)
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    pdf = bytes(response.content)
    text = text_of(pdf)
    assert "青河市人民政府文件" in text and "青政发〔2023〕8号" in text and "各街道，各单位：" in text
    assert all("草稿" in "".join(page.extract_text().split()) for page in reader_of(pdf).pages)
    assert any(c[0] > 180 and max(c[1:]) < 60 for c in colours_of(picture_of(pdf, dpi=100)))
    assert not Directive.objects.exists()


def test_parts_typed_and_not_saved_stand_in_the_preview_at_their_places() -> None:
    directive = DirectiveFactory(origin=Directive.Origin.PORTAL, source="", publication="draft")
    SectionFactory(directive=directive, order=1, number="一", heading="总体要求", text="旧的文字。")
    page = f"/directives/{directive.pk}/edit/"
    fields = typed(page, "annex:add:", "roster:add:")
    fields = {name: value.replace("旧的文字。", "新的文字。") for name, value in fields.items()}
    for name in fields:
        if name.endswith("-title") and "annex" in name:
            fields[name] = "职责分工表"
        if name.endswith("-name") and "roster" in name:
            fields[name] = "防汛指挥部"
        if name.endswith("-members"):
            fields[name] = "总指挥｜林海｜水务局局长"
    text = text_of(bytes(preview(fields, f"{page}preview.pdf").content))
    assert "一、总体要求新的文字。" in text and "旧的文字" not in text
    assert "附件：职责分工表" in text and "总指挥林海水务局局长" in text
    assert directive.sections.get().text == "旧的文字。"


def test_a_document_with_a_source_is_shown_as_gazette_text() -> None:
    directive = DirectiveFactory(publication="draft", preamble="请认真执行。")
    page = f"/directives/{directive.pk}/edit/"
    text = text_of(bytes(preview(typed(page), f"{page}preview.pdf").content))
    assert "（来源：《青河市人民政府公报》2023年5月）" in text and "政府文件" not in text


@pytest.mark.parametrize(("field", "words"), [("title", "请填写标题"), ("issuer", "请填写发文机关")])
def test_what_cannot_be_set_yet_is_said_in_a_sentence(field: str, words: str) -> None:
    response = preview(typed("/directives/new/", **{**FACTS, field: ""}))
    page = response.content.decode()
    assert response.status_code == 400 and "还不能预览" in page and words in page


def test_only_the_desk_previews_and_the_page_offers_it() -> None:
    fields = typed("/directives/new/", **FACTS)
    assert preview(fields, role="viewer").status_code == 403
    assert browser_of("editor").get(NEW).status_code == 405
    page = browser_of("editor").get("/directives/new/").content.decode()
    assert "预览公文" in page and f'formaction="{NEW}"' in page


@pytest.mark.parametrize(("characters", "long"), [(29_999, False), (30_000, False), (30_001, True)])
def test_a_text_of_many_pages_is_not_waited_for(characters: int, long: bool) -> None:
    assert paced(Printout("字" * characters, Layout.OFFICIAL, "", "")).is_long is long


class TestALongText:
    @pytest.fixture(autouse=True)
    def everything_is_long(self, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
        settings.DATA_DIR = tmp_path  # nothing of an earlier run is finished there
        monkeypatch.setattr(printouts, "AT_ONCE_CHARACTERS", 10)

    @pytest.fixture
    def queue(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """A background that takes orders and does not get to them."""
        placed: list[str] = []
        monkeypatch.setattr(tasks.build_printout, "delay", placed.append)
        return placed

    def test_it_is_set_in_the_background_with_progress_and_shown_when_it_is_there(
        self, queue: list[str]
    ) -> None:
        editor = browser_of("editor")
        sent = editor.post(NEW, typed("/directives/new/", **FACTS, preamble="其一"))
        assert sent.status_code == 302 and len(queue) == 1
        waiting = editor.get(sent["Location"])
        page = waiting.content.decode()
        assert waiting.status_code == 202 and "已交后台，等待开始" in page and FACTS["title"] in page
        assert f'hx-get="{sent["Location"]}"' in page
        tasks.build_printout(queue[0])
        assert editor.get(sent["Location"], headers={"HX-Request": "true"})["HX-Refresh"] == "true"
        shown = editor.get(sent["Location"])
        assert shown["Content-Type"] == "application/pdf" and "青河市人民政府文件" in text_of(
            bytes(shown.content)
        )
        assert not Directive.objects.exists()

    def test_nobody_else_sees_it_and_the_public_is_asked_who_it_is(self, queue: list[str]) -> None:
        fields = typed("/directives/new/", **FACTS, preamble="其二")
        sent = browser_of("editor").post(NEW, fields)
        tasks.build_printout(queue[0])
        other = browser_of("publisher").get(sent["Location"])
        assert other.status_code == 404 and "别人生成的" in other.content.decode()
        assert browser_of("anonymous").get(sent["Location"]).status_code == 302

    def test_where_the_background_is_quick_the_answer_is_the_document(self) -> None:
        shown = preview(typed("/directives/new/", **FACTS))
        assert shown.status_code == 200 and shown["Content-Type"] == "application/pdf"

    def test_what_failed_or_is_gone_is_said_in_a_sentence(self, queue: list[str]) -> None:
        editor = browser_of("editor")
        fields = typed("/directives/new/", **FACTS, preamble="其三")
        address = editor.post(NEW, fields)["Location"]
        store.remove(queue[0], "order")
        gone = editor.get(address)
        assert gone.status_code == 404 and "不再保留" in gone.content.decode()
        store.write(queue[0], "failed", b"")
        failed = editor.get(address)
        assert failed.status_code == 503 and "排版时出了错" in failed.content.decode()

    def test_of_many_previews_the_latest_are_kept_in_mind(self, queue: list[str]) -> None:
        editor = browser_of("editor")
        fields = typed("/directives/new/", **FACTS)
        addresses = [editor.post(NEW, fields | {"title": f"关于供热的通知{n}"})["Location"] for n in range(6)]
        assert [editor.get(address).status_code for address in addresses] == [404] + 5 * [202]
