"""Issues of the gazette: begun, composed, signed by another, frozen, handed out, withdrawn."""

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse

from directives.models import Directive
from events.models import Correction
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from gazette.issues.contents import due_corrections
from gazette.issues.paper import compose, printout_of
from gazette.models import Issue
from gazette.services import issues as services
from organizations.models import User
from printing import render_pdf
from tests.accounts import person
from tests.factories import DirectiveFactory, EventFactory
from tests.printing.measure import colours_of, outline_of, picture_of, reader_of, rules_of, text_of

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 7, 3, 1, 0, tzinfo=UTC)
MAY, JUNE = date(2023, 5, 1), date(2023, 6, 1)


@pytest.fixture
def editor() -> User:
    return person("editor")


@pytest.fixture
def publisher() -> User:
    return person("publisher")


@pytest.fixture
def records() -> list[Directive]:
    for day, text in [
        (MAY, "清沟队到东街。"),
        (date(2023, 5, 9), "水位标尺安装完毕。"),
        (JUNE, "雨量站换新。"),
    ]:
        EventFactory(start_date=day, end_date=day, position=day.day, text=text, publication="published")
    EventFactory(start_date=JUNE, end_date=JUNE, position=9, text="尚未签发的一条。", publication="draft")
    return [DirectiveFactory(number=f"青政发〔2023〕{n}号", issued_on=date(2023, 5, n)) for n in (3, 5, 8)]


def browser_of(user: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(user)
    return client


def begun(editor: User, **values: Any) -> Issue:
    wanted = {
        "title": "青河市公报",
        "year": 2023,
        "number": 3,
        "first_month": MAY,
        "last_month": JUNE,
        **values,
    }
    return services.create_issue(actor=editor, at=NOW, **wanted)


def published(editor: User, publisher: User, **values: Any) -> Issue:
    issue = begun(editor, **values)
    services.step_issue(actor=editor, at=NOW, issue=issue, step="submit")
    return services.step_issue(actor=publisher, at=NOW, issue=issue, step="publish", version=issue.version)


def order_of(issue: Issue) -> list[int]:
    return list(issue.documents.order_by("order").values_list("directive_id", flat=True))


class TestComposing:
    def test_a_new_issue_holds_the_documents_of_its_months_in_order(
        self, editor: User, records: list[Directive]
    ) -> None:
        before = DirectiveFactory(issued_on=date(2023, 4, 30))
        after = DirectiveFactory(issued_on=date(2023, 7, 1))
        hidden = DirectiveFactory(issued_on=MAY, is_public=False)
        found = order_of(begun(editor))
        assert found == [record.pk for record in records]
        assert not {before.pk, after.pk, hidden.pk} & set(found)

    def test_documents_are_moved_removed_and_taken_in(self, editor: User, records: list[Directive]) -> None:
        issue = begun(editor)
        first, second, third = (record.pk for record in records)

        def step(document: int, where: str) -> list[int]:
            issue.refresh_from_db()
            services.move_document(
                actor=editor, at=NOW, issue=issue, version=issue.version, document=document, where=where
            )
            return order_of(issue)

        assert step(third, "up") == [first, third, second]
        assert step(first, "down") == [third, first, second]
        assert step(third, "up") == [third, first, second]
        assert step(first, "remove") == [third, second]
        issue.refresh_from_db()
        services.add_documents(actor=editor, at=NOW, issue=issue, version=issue.version, documents=[first])
        assert order_of(issue) == [third, second, first]
        assert AuditEntry.objects.about(issue).filter(action="issue.documents").count() == 4

    def test_of_two_editors_the_second_is_told(self, editor: User, records: list[Directive]) -> None:
        issue = begun(editor)
        values = {"year": 2023, "number": 3, "first_month": MAY, "last_month": JUNE}
        services.edit_issue(actor=editor, at=NOW, issue=issue, version=1, title="青河公报", **values)
        with pytest.raises(StateConflict, match="被别人改过"):
            services.edit_issue(actor=editor, at=NOW, issue=issue, version=1, title="另名", **values)
        issue.refresh_from_db()
        assert issue.title == "青河公报"

    @pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "²", "-1", "x"])
    @pytest.mark.parametrize("name", ["documents", "move", "corrections", "step"])
    def test_numbers_that_nobody_can_mean_are_answered(self, editor: User, name: str, number: str) -> None:
        issue = begun(editor)
        sent = {"version": number, "document": number, "move": f"up:{number}", "correction": number}
        extra = ["submit"] if name == "step" else []
        address = reverse(f"gazette:issue_{name}", args=[issue.pk, *extra])
        answer = browser_of(editor).post(address, sent)
        assert answer.status_code in (302, 400, 409)

    def test_a_number_stands_once_in_a_year(self, editor: User) -> None:
        begun(editor)
        with pytest.raises(InvalidInput, match="2023年第3期已经有了"):
            begun(editor)
        assert begun(editor, year=2024).pk

    def test_months_in_order_and_at_most_twelve(self, editor: User) -> None:
        with pytest.raises(InvalidInput, match="不晚于"):
            begun(editor, first_month=JUNE, last_month=MAY)
        with pytest.raises(InvalidInput, match="最多收 12 个月"):
            begun(editor, last_month=date(2024, 5, 1))
        assert begun(editor, last_month=date(2024, 4, 1)).pk

    def test_a_correction_is_due_once_and_not_where_its_entry_stands(
        self, editor: User, publisher: User, records: list[Directive]
    ) -> None:
        march = EventFactory(
            start_date=date(2023, 3, 2), end_date=date(2023, 3, 2), text="清河", publication="published"
        )
        may = EventFactory(start_date=MAY, end_date=MAY, position=20, text="青合", publication="published")
        old = Correction.objects.create(event=march, printed="清河", corrected="青河", made_on=JUNE)
        own = Correction.objects.create(event=may, printed="青合", corrected="青河", made_on=JUNE)
        issue = published(editor, publisher)
        assert list(issue.corrections.all()) == [old]
        assert "更正" in issue.frozen_html and "应为“青河”" in issue.frozen_html
        later = begun(editor, number=4, first_month=date(2023, 7, 1), last_month=date(2023, 7, 1))
        assert list(later.corrections.all()) == [own] and list(due_corrections(later)) == [own]

    def test_a_correction_that_waits_for_its_signature_is_not_due(
        self, editor: User, records: list[Directive]
    ) -> None:
        march = EventFactory(start_date=date(2023, 3, 2), end_date=date(2023, 3, 2), text="清河")
        Correction.objects.create(
            event=march, printed="清河", corrected="青河", made_on=JUNE, standing="proposed"
        )
        assert not begun(editor).corrections.exists()

    def test_corrections_of_documents_are_printed_once_in_the_next_issue(
        self, editor: User, publisher: User, records: list[Directive]
    ) -> None:
        marked = records[0].corrections.create(printed="清河", corrected="青河", made_on=JUNE)
        records[0].corrections.create(printed="清合", note="存疑", made_on=JUNE, standing="proposed")
        hidden = DirectiveFactory(is_public=False)
        hidden.corrections.create(printed="内部", corrected="内设", made_on=JUNE)
        issue = published(editor, publisher)
        assert list(issue.document_corrections.all()) == [marked]
        assert f"《{records[0].title}》" in issue.frozen_html and "“清河”应为“青河”" in issue.frozen_html
        assert "清合" not in issue.frozen_html and "内设" not in issue.frozen_html
        later = begun(editor, number=4, first_month=date(2023, 7, 1), last_month=date(2023, 7, 1))
        assert not later.document_corrections.exists()

    def test_the_editor_chooses_among_the_corrections_of_documents(
        self, editor: User, records: list[Directive]
    ) -> None:
        first = records[0].corrections.create(printed="清河", corrected="青河", made_on=JUNE)
        second = records[0].corrections.create(printed="清合", corrected="青河", made_on=JUNE)
        waiting = records[0].corrections.create(
            printed="青何", corrected="青河", made_on=JUNE, standing="proposed"
        )
        issue = begun(editor)
        assert set(issue.document_corrections.all()) == {first, second}
        services.choose_corrections(
            actor=editor,
            at=NOW,
            issue=issue,
            version=issue.version,
            corrections=[],
            document_corrections=[second.pk, waiting.pk],
        )
        assert list(issue.document_corrections.all()) == [second]
        page = browser_of(editor).get(issue.get_absolute_url()).content.decode()
        assert f'name="document_correction" value="{first.pk}"' in page
        assert f'value="{waiting.pk}"' not in page.split("document_correction", 1)[1]


class TestPublishing:
    def test_another_person_signs(self, publisher: User, records: list[Directive]) -> None:
        issue = begun(publisher)
        with pytest.raises(PermissionRefused, match="另一位"):
            services.step_issue(actor=publisher, at=NOW, issue=issue, step="publish", version=1)
        issue.refresh_from_db()
        assert issue.publication == "draft" and issue.frozen_html == "" and issue.published_at is None

    def test_nobody_signs_what_he_has_not_seen(
        self, editor: User, publisher: User, records: list[Directive]
    ) -> None:
        issue = begun(editor)
        with pytest.raises(StateConflict, match="没有签发"):
            services.step_issue(actor=publisher, at=NOW, issue=issue, step="publish", version=9)

    def test_what_was_published_stays_as_it_was_signed(
        self, editor: User, publisher: User, records: list[Directive]
    ) -> None:
        issue = published(editor, publisher)
        key = printout_of(issue).key
        EventFactory(start_date=MAY, end_date=MAY, position=30, text="后补。", publication="published")
        records[0].title = "改了"
        records[0].save()
        issue.refresh_from_db()
        assert printout_of(issue).key == key and "后补" not in issue.frozen_html
        with pytest.raises(StateConflict, match="不能改动"):
            services.add_documents(actor=editor, at=NOW, issue=issue, version=issue.version, documents=[1])

    def test_an_empty_issue_is_not_published(self, editor: User, publisher: User) -> None:
        issue = begun(editor)
        with pytest.raises(StateConflict, match="没有大事记，也没有文件"):
            services.step_issue(actor=publisher, at=NOW, issue=issue, step="publish", version=1)

    def test_a_withdrawn_document_stops_the_download_until_the_issue_is_made_anew(
        self, editor: User, publisher: User, records: list[Directive], client: Client
    ) -> None:
        issue = published(editor, publisher)
        Directive.objects.filter(pk=records[1].pk).update(publication="withdrawn")
        answer = client.get(f"/gazette/issues/{issue.pk}/issue.pdf")
        assert answer.status_code == 409 and "暂停提供" in answer.content.decode()
        services.step_issue(actor=publisher, at=NOW, issue=issue, step="withdraw", reason="文件撤回")
        services.step_issue(actor=editor, at=NOW, issue=issue, step="reopen", reason="重编")
        issue.refresh_from_db()
        assert issue.publication == "draft" and issue.frozen_html == ""


class TestPaper:
    def test_the_same_content_gives_the_same_bytes(self, editor: User, records: list[Directive]) -> None:
        issue = begun(editor)
        one, two = printout_of(issue), printout_of(issue)
        assert one.key == two.key and one.is_long
        assert render_pdf(one.html, layout=one.layout) == render_pdf(two.html, layout=two.layout)

    def test_contents_name_the_pages_and_lead_there(self, editor: User, records: list[Directive]) -> None:
        pdf = self.printed(editor)
        reader = reader_of(pdf)
        contents = reader.pages[2]
        assert "目录" in "".join((contents.extract_text() or "").split())
        goals = [str(link["/Dest"]) for note in cast(Any, contents["/Annots"]) if (link := note.get_object())]
        assert len(goals) >= 5 and set(goals) <= set(reader.named_destinations)
        for goal in goals:
            page = cast(int, reader.get_destination_page_number(reader.named_destinations[goal]))
            # Four leaves before page 1: cover, imprint, contents, an empty back.
            lines = [" ".join(line.split()) for line in contents.extract_text().splitlines()]
            assert any(line.endswith(f" {page - 3}") for line in lines), (goal, page)
            assert f"— {page - 3} —" in reader.pages[page].extract_text()

    def test_the_outline_holds_chronicle_and_documents(self, editor: User, records: list[Directive]) -> None:
        def titles(entries: Any) -> list[str]:
            flat = [titles(entry) if isinstance(entry, list) else [entry.title] for entry in entries]
            return [title for group in flat for title in group]

        found = titles(outline_of(self.printed(editor)))
        assert {"大事记", "文件", "目录"} <= set(found)
        assert any("2023年5月大事记" in title for title in found)
        assert all(record.title in found for record in records)

    def test_it_has_no_red_and_says_draft_only_before_it_is_published(
        self, editor: User, records: list[Directive]
    ) -> None:
        draft, final = self.printed(editor), self.printed(editor, number=4, published_on=JUNE)
        assert "草稿" in text_of(draft) and "草稿" not in text_of(final)
        for page in range(len(reader_of(final).pages)):
            picture = picture_of(final, page, dpi=60)
            assert all(max(colour) - min(colour) < 12 for colour in colours_of(picture)), page
        assert not rules_of(picture_of(final, 4), red=True)

    def test_every_page_of_text_names_its_part_above(self, editor: User, records: list[Directive]) -> None:
        EventFactory(
            start_date=MAY, end_date=MAY, position=40, text="续页的字。" * 400, publication="published"
        )
        heads = [
            next((line for line in page.extract_text().splitlines() if "2023年第3期" in line), "")
            for page in reader_of(self.printed(editor, published_on=JUNE)).pages[4:]
        ]
        assert "青河市公报2023年第3期 · 大事记 · 2023年5月" in heads[0] and heads[1] == heads[0]
        assert any("大事记 · 2023年6月" in head for head in heads)
        assert "2023年第3期 · 文件" in heads[-1] and all(heads)

    def test_drafts_are_not_printed(self, editor: User, records: list[Directive]) -> None:
        text = text_of(self.printed(editor))
        assert "水位标尺安装完毕" in text and "尚未签发的一条" not in text

    def printed(self, editor: User, published_on: date | None = None, **values: Any) -> bytes:
        issue = begun(editor, **values)
        return render_pdf(compose(issue, published_on=published_on).html, layout=printout_of(issue).layout)


class TestPages:
    # address: visitor, viewer, editor
    WHO = {
        "": (200, 200, 200),
        "issues.xlsx": (200, 200, 200),
        "new/": (302, 403, 200),
        "{draft}/": (404, 404, 200),
        "{draft}/edit/": (302, 403, 200),
        "{draft}/issue.pdf": (404, 404, 202),
        "{done}/": (200, 200, 200),
        "999999/": (404, 404, 404),
    }

    def test_who_may_open_what(
        self, editor: User, publisher: User, records: list[Directive], client: Client
    ) -> None:
        keys = {"done": published(editor, publisher).pk, "draft": begun(editor, number=4).pk}
        browsers = (client, browser_of(person("viewer")), browser_of(editor))
        for path, expected in self.WHO.items():
            address = "/gazette/issues/" + path.format(**keys)
            found = tuple(browser.get(address).status_code for browser in browsers)
            assert found == expected or (expected[2] == 202 and found[2] in (200, 202)), (path, found)

    def test_only_the_desk_changes_an_issue(self, editor: User, records: list[Directive]) -> None:
        issue = begun(editor)
        for path in ("documents/", "documents/move/", "corrections/", "publication/submit/"):
            answer = browser_of(person("viewer")).post(f"{issue.get_absolute_url()}{path}")
            assert answer.status_code == 403
        issue.refresh_from_db()
        assert issue.publication == "draft" and issue.version == 1

    def test_an_editor_composes_and_a_publisher_signs(
        self, editor: User, publisher: User, records: list[Directive], client: Client
    ) -> None:
        desk = browser_of(editor)
        fields = {"title": "青河市公报", "year": 2023, "number": 3}
        made = desk.post(
            "/gazette/issues/new/", {**fields, "first_month": "2023-05", "last_month": "2023-06"}
        )
        issue = Issue.objects.get()
        assert made.status_code == 302 and made["Location"] == issue.get_absolute_url()
        page = desk.get(issue.get_absolute_url()).content.decode()
        assert "还有 1 条大事记没有签发" in page and "预览整期" in page
        move = {"version": issue.version, "move": f"up:{records[1].pk}"}
        desk.post(f"{issue.get_absolute_url()}documents/move/", move)
        assert order_of(issue)[0] == records[1].pk
        desk.post(f"{issue.get_absolute_url()}publication/submit/")
        issue.refresh_from_db()
        signed = {"version": issue.version}
        browser_of(publisher).post(f"{issue.get_absolute_url()}publication/publish/", signed)
        issue.refresh_from_db()
        assert issue.publication == "published" and issue.published_by == publisher
        assert "下载整期 PDF" in client.get(issue.get_absolute_url()).content.decode()

    def test_a_refused_form_says_why_and_keeps_what_was_typed(self, editor: User) -> None:
        begun(editor)
        fields = {"title": "青河市公报", "year": 2023, "number": 3, "first_month": "2023-05"}
        answer = browser_of(editor).post("/gazette/issues/new/", {**fields, "last_month": "2023-05"})
        page = answer.content.decode()
        assert answer.status_code == 400 and "2023年第3期已经有了" in page and 'value="2023-05"' in page

    def test_a_page_costs_the_same_for_many_as_for_few(
        self, editor: User, records: list[Directive], django_assert_max_num_queries: Any
    ) -> None:
        issue = begun(editor)
        for number in range(4, 12):
            begun(editor, number=number)
        desk = browser_of(editor)
        for address in ("/gazette/issues/", issue.get_absolute_url()):
            with django_assert_max_num_queries(15):
                desk.get(address)
