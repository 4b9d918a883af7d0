"""Writing documents in the browser: new, moved, submitted, signed, corrected, withdrawn."""

from html.parser import HTMLParser
from typing import Any

import pytest

from directives.models import Directive
from directives.writing.rows import Row, Rows, chinese, take_step
from foundation.models import Revision, Version
from tests.accounts import browser_of
from tests.factories import DirectiveFactory

pytestmark = pytest.mark.django_db


class Fields(HTMLParser):
    """What the form of a page would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.select = self.area = ""
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        if tag == "form":
            self.inside = attributes.get("method") == "post" and "action" not in attributes
        name = attributes.get("name", "")
        if not self.inside:
            return
        if tag == "input" and attributes.get("type") == "checkbox":
            if "checked" in attributes:
                self.values[name] = attributes.get("value", "on")
        elif tag == "input":
            self.values[name] = attributes.get("value", "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and (self.select not in self.values or "selected" in attributes):
            self.values[self.select] = attributes.get("value", "")
        elif tag == "textarea":
            self.area, self.values[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""


def fields_of(response: Any) -> dict[str, str]:
    """The form of a page as a browser would send it back, without the first line break of a text area."""
    found = Fields(response.content.decode()).values
    found.pop("csrfmiddlewaretoken", None)
    return {name: value.removeprefix("\n") for name, value in found.items()}


FACTS = {"title": "关于供热的通知", "issuer": "青河市人民政府", "kind": "notice", "is_public": "on"}


def write(client: Any, address: str, *steps: str, **values: str) -> Any:
    """Open the page, press buttons of the parts in turn, each time filling in what the page then has."""
    fields = fields_of(client.get(address))
    for step in steps:
        fields = fields_of(client.post(address, fields | {"step": step}))
    return client.post(address, fields | values)


def draft(**values: str) -> Directive:
    given = FACTS | values
    response = write(
        browser_of("editor"),
        "/directives/new/",
        "section:add:",
        "section:add:s1",
        "roster:add:",
        "stage:add:",
        "annex:add:",
        **given,
        **{
            "section-0-number": "一", "section-0-heading": "总体要求", "section-0-text": "按时供热。",
            "section-1-number": "二", "section-1-heading": "组织领导", "section-1-text": "成立专班。",
            "roster-0-name": "供热专班", "roster-0-section": "s2",
            "roster-0-members": "组长｜林青｜副市长\n成员｜白山｜局长｜兼",
            "stage-0-name": "检修", "stage-0-starts_on": "2023-09-01", "stage-0-ends_on": "2023-09-30",
            "stage-0-section": "s1",
            "annex-0-label": "附件1", "annex-0-title": "值班表", "annex-0-printed": "0",
        },
    )  # fmt: skip
    assert response.status_code == 302, response.content.decode()[:4000]
    return Directive.objects.get()


class TestANewDocument:
    def test_it_is_a_draft_of_the_portal_with_all_its_parts(self) -> None:
        directive = draft(
            number="青政发[2023]5号", addressees="各局\n各街道", citations="供热办法｜青政发(2020)1号"
        )
        assert (directive.publication, directive.origin) == ("draft", "portal")
        assert (directive.number, directive.addressees) == ("青政发〔2023〕5号", ["各局", "各街道"])
        assert list(directive.sections.values_list("number", "heading", "anchor")) == [
            ("一", "总体要求", "s1"),
            ("二", "组织领导", "s2"),
        ]
        roster = directive.rosters.get()
        assert roster.section and roster.section.heading == "组织领导"
        assert list(roster.members.values_list("role", "printed_name", "post", "concurrent")) == [
            ("组长", "林青", "副市长", False),
            ("成员", "白山", "局长", True),
        ]
        stage = directive.stages.get()
        assert stage.section and (stage.section.heading, str(stage.ends_on)) == (
            "总体要求",
            "2023-09-30",
        )
        assert not directive.annexes.get().printed
        assert directive.citations.get().number == "青政发〔2020〕1号"

    def test_a_button_of_the_parts_stores_nothing_and_keeps_what_was_typed(self) -> None:
        client = browser_of("editor")
        response = client.post("/directives/new/", {"title": "半途", "step": "section:add:"})
        assert response.status_code == 200 and not Directive.objects.exists()
        fields = fields_of(response)
        assert fields["title"] == "半途" and fields["section-count"] == "1"
        assert "请填写" not in response.content.decode()

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"title": ""}, "请填写标题"),
            ({"issuer": ""}, "请填写发文机关"),
            ({"issued_on": "明天"}, "请按 2023-05-08 的样式填写日期"),
            ({"section-0-heading": "", "section-0-text": ""}, "标题和正文都是空的"),
            ({"section-0-number": "一" * 13}, "最多 12 字"),
        ],
    )
    def test_what_cannot_be_saved_is_said_and_kept(self, values: dict[str, str], sentence: str) -> None:
        given = FACTS | {"section-0-heading": "总体要求", "summary": "写了很久"} | values
        response = write(browser_of("editor"), "/directives/new/", "section:add:", **given)
        page = response.content.decode()
        assert response.status_code == 400 and sentence in page and "写了很久" in page
        assert not Directive.objects.exists()

    def test_a_taken_number_is_said_at_its_field(self) -> None:
        DirectiveFactory(number="青政发〔2023〕5号", title="旧通知")
        response = write(browser_of("editor"), "/directives/new/", **FACTS, number="青政发［２０２３］5号")
        assert response.status_code == 400 and "《旧通知》的文号" in response.content.decode()

    @pytest.mark.parametrize(
        ("role", "status"), [("anonymous", 302), ("viewer", 403), ("department_head", 403), ("editor", 200)]
    )
    def test_it_is_begun_at_the_desk(self, role: str, status: int) -> None:
        assert browser_of(role).get("/directives/new/").status_code == status


class TestTheParts:
    def test_they_are_moved_with_what_belongs_to_them(self) -> None:
        directive = draft()
        address = f"/directives/{directive.pk}/edit/"
        write(
            browser_of("editor"), address, "section:down:s1", "section:renumber:", save="1", reason="换次序"
        )
        assert list(directive.sections.values_list("number", "heading")) == [
            ("一", "组织领导"),
            ("二", "总体要求"),
        ]
        roster, stage = directive.rosters.get(), directive.stages.get()
        assert roster.section and roster.section.order == 1
        assert stage.section and stage.section.order == 2

    def test_what_is_taken_out_comes_back_until_it_is_saved(self) -> None:
        directive = draft()
        address = f"/directives/{directive.pk}/edit/"
        client = browser_of("editor")
        write(
            client,
            address,
            "section:remove:s1",
            "section:restore:s1",
            save="1",
            summary="摘要",
            reason="加摘要",
        )
        assert directive.sections.count() == 2
        write(client, address, "section:remove:s1", save="1", reason="删去一条")
        assert list(directive.sections.values_list("heading", flat=True)) == ["组织领导"]
        stage = directive.stages.get()
        assert stage.section is None


def outline(*depths: int) -> Rows:
    rows = Rows()
    for place, depth in enumerate(depths, start=1):
        values = {"depth": str(depth), "number": "", "heading": f"h{place}", "text": "", "annex": ""}
        rows.sections.append(Row("section", f"s{place}", values))
    return rows


class TestAnOutline:
    """h1 with h2 and h3 under it, h4 with h5 under it."""

    @pytest.mark.parametrize(
        ("step", "order"),
        [
            ("section:down:s1", "h4 h5 h1 h2 h3"),
            ("section:up:s4", "h4 h5 h1 h2 h3"),
            ("section:down:s2", "h1 h3 h2 h4 h5"),
            ("section:down:s3", "h1 h2 h4 h3 h5"),
            ("section:up:s5", "h1 h2 h3 h5 h4"),
            ("section:up:s1", "h1 h2 h3 h4 h5"),
            ("section:down:s4", "h1 h2 h3 h4 h5"),
            ("section:up:s9", "h1 h2 h3 h4 h5"),
            ("section:add:s1", "h1 h2 h3  h4 h5"),
            ("section:below:s1", "h1  h2 h3 h4 h5"),
            ("section:add:", "h1 h2 h3 h4 h5 "),
            ("nonsense", "h1 h2 h3 h4 h5"),
        ],
    )
    def test_a_section_takes_what_is_under_it_along(self, step: str, order: str) -> None:
        rows = outline(1, 2, 2, 1, 2)
        take_step(rows, step)
        assert " ".join(row.values["heading"] for row in rows.sections) == order

    def test_what_is_added_below_is_a_depth_deeper(self) -> None:
        rows = outline(1, 2)
        take_step(rows, "section:below:s1")
        take_step(rows, "section:add:s1")
        assert [row.values["depth"] for row in rows.sections] == ["1", "2", "2", "1"]

    def test_numbers_are_counted_by_depth_and_annex(self) -> None:
        rows = outline(1, 2, 3, 4, 2, 1, 1)
        rows.sections[-1].values["annex"] = "a1"
        take_step(rows, "section:renumber:")
        numbers = [row.values["number"] for row in rows.sections]
        assert numbers == ["一", "（一）", "1", "（1）", "（二）", "二", "一"]

    @pytest.mark.parametrize(
        ("count", "written"),
        [(9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")],
    )
    def test_counts_in_chinese(self, count: int, written: str) -> None:
        assert chinese(count) == written


class TestOnItsWay:
    def test_another_person_signs_and_the_text_stays_when_it_is_withdrawn(self) -> None:
        directive = draft()
        editor, publisher = browser_of("editor"), browser_of("publisher")
        steps = f"/directives/{directive.pk}/publication"
        editor.post(f"{steps}/submit/")
        assert "正" in editor.get(directive.get_absolute_url()).content.decode()
        editor.post(f"{steps}/publish/")
        directive.refresh_from_db()
        assert directive.publication == "review"
        publisher.post(f"{steps}/publish/")
        assert browser_of("anonymous").get(directive.get_absolute_url()).status_code == 200
        publisher.post(f"{steps}/withdraw/", {"reason": ""})
        directive.refresh_from_db()
        assert directive.publication == "published"
        publisher.post(f"{steps}/withdraw/", {"reason": "印制有误"})
        assert browser_of("anonymous").get(directive.get_absolute_url()).status_code == 404
        page = editor.get(directive.get_absolute_url()).content.decode()
        assert "印制有误" in page and "按时供热" in page

    def test_a_publisher_does_not_sign_what_he_wrote(self) -> None:
        write(browser_of("publisher"), "/directives/new/", **FACTS, submit="1")
        directive = Directive.objects.get()
        assert directive.publication == "review"
        response = browser_of("publisher").post(
            f"/directives/{directive.pk}/publication/publish/", follow=True
        )
        assert "须由另一位签发人" in response.content.decode()
        directive.refresh_from_db()
        assert directive.publication == "review"

    def test_nobody_signs_a_text_that_he_has_not_seen(self) -> None:
        directive = draft()
        publisher = browser_of("publisher")
        seen = publisher.get(directive.get_absolute_url()).context["desk"].seen
        write(browser_of("editor"), f"/directives/{directive.pk}/edit/", title="又改", save="1", reason="改")
        address = f"/directives/{directive.pk}/publication/publish/"
        refused = publisher.post(address, {"version": seen}, follow=True)
        assert "文件又有改动" in refused.content.decode()
        now = publisher.get(directive.get_absolute_url()).context["desk"].seen
        publisher.post(address, {"version": now})
        directive.refresh_from_db()
        assert (directive.title, directive.publication) == ("又改", "published")

    def test_what_waits_for_its_signature_is_not_changed(self) -> None:
        directive = DirectiveFactory(publication="review")
        response = browser_of("editor").get(f"/directives/{directive.pk}/edit/", follow=True)
        assert "请先退回修改" in response.content.decode()


def published() -> Directive:
    directive = draft()
    Directive.objects.update(publication="published")
    directive.publication = "published"
    directive.save()
    return directive


class TestACorrection:
    def test_the_public_reads_the_old_text_until_another_person_signs(self) -> None:
        directive = published()
        address = f"/directives/{directive.pk}/edit/"
        editor, publisher, visitor = (browser_of(role) for role in ("editor", "publisher", "anonymous"))
        write(editor, address, **{"section-0-text": "按时足量供热。"}, submit="1", reason="据原件更正")
        revision = Revision.objects.get()
        assert revision.state == "review"
        shown = visitor.get(directive.get_absolute_url()).content.decode()
        assert "按时供热。" in shown and "据原件更正" not in shown and "更正待签发" not in shown
        step = f"/directives/{directive.pk}/revision"
        version = {"version": str(revision.head.number)}
        editor.post(f"{step}/publish/", version)
        assert "按时供热。" in visitor.get(directive.get_absolute_url()).content.decode()
        publisher.post(f"{step}/publish/", version)
        page = visitor.get(directive.get_absolute_url()).content.decode()
        assert "按时足量供热。" in page and 'id="s1"' in page and 'id="s2"' in page

    def test_two_versions_are_compared_in_words(self) -> None:
        directive = published()
        editor = browser_of("editor")
        write(
            editor, f"/directives/{directive.pk}/edit/", **{"section-0-text": "按时足量供热。"}, reason="更正"
        )
        page = editor.get(f"/directives/{directive.pk}/versions/").content.decode()
        assert "<ins>" in page and "足量" in page and "条目" in page
        assert Version.objects.of(directive).count() == 2

    def test_signing_an_older_version_than_the_one_that_waits_is_refused(self) -> None:
        directive = published()
        write(
            browser_of("editor"), f"/directives/{directive.pk}/edit/", title="新题", submit="1", reason="改"
        )
        response = browser_of("publisher").post(
            f"/directives/{directive.pk}/revision/publish/", {"version": "1"}, follow=True
        )
        assert "请看过新稿后再" in response.content.decode()
        assert Revision.objects.get().state == "review"


class TestTwoAtOnce:
    @pytest.mark.parametrize("publication", ["draft", "published"])
    def test_the_second_is_told_and_loses_nothing(self, publication: str) -> None:
        directive = draft() if publication == "draft" else published()
        address = f"/directives/{directive.pk}/edit/"
        first, second = browser_of("editor"), browser_of("publisher")
        opened = fields_of(second.get(address))
        write(first, address, title="甲写的", save="1", reason="一")
        response = second.post(address, opened | {"title": "另拟一稿", "save": "1", "reason": "二"})
        page = response.content.decode()
        assert response.status_code == 409 and "本次没有保存" in page
        assert "甲写的" in page and "另拟一稿" in page
        fields = fields_of(response)
        assert fields["title"] == "另拟一稿" and fields["section-0-text"] == "按时供热。"
        assert second.post(address, fields | {"save": "1"}).status_code == 302

    def test_a_button_of_the_parts_does_not_hide_that_somebody_else_saved(self) -> None:
        directive = draft()
        address = f"/directives/{directive.pk}/edit/"
        second = browser_of("publisher")
        opened = fields_of(second.get(address))
        write(browser_of("editor"), address, title="甲写的", save="1", reason="一")
        moved = fields_of(second.post(address, opened | {"step": "section:down:s1"}))
        assert second.post(address, moved | {"save": "1", "reason": "二"}).status_code == 409


def test_pages_cost_the_same_for_short_and_long_documents(django_assert_max_num_queries: Any) -> None:
    directive = draft()
    editor = browser_of("editor")
    editor.get("/")
    for name in ("", "edit/", "versions/", "statuses/", "files/"):
        with django_assert_max_num_queries(26):
            assert editor.get(f"/directives/{directive.pk}/{name}").status_code == 200
