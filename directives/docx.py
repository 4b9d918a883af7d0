"""A document as a Word file: what stands on the printed page, to be worked on further."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from directives import pages
from directives.models import Citation, Directive, DirectiveCorrection, Stage, StatusChange
from directives.numbers import titled
from directives.official import document_of, printing_day
from directives.printing import document_seen_by, print_context, text_context
from directives.reading import Block, LaidAnnex, LaidRoster, Paragraph
from printing.access import pdf_page
from printing.delivery import as_attachment, private
from printing.official import OfficialDocument
from printing.printouts import fit_name
from printing.word import CONTENT_TYPE, HEI, KAI, LEVEL_FACES, SMALL, WordFile, etag_of, write
from printing.wordofficial import OfficialWordFile

ROSTER_HEAD = ("职责", "姓名", "职务")
# As on the printed page: two columns of 6.5 characters, the rest of 156 mm for the post.
ROSTER_WIDTHS = (32, 32, 92)
NOTE_SIZE, NOTE_LINE = 12, 18


@pdf_page
def document_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The document with its rosters and annexes, for whom it may be printed too."""
    directive = document_seen_by(request, pk)
    data = word_file(directive, request.user)
    tag = etag_of(data)
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged:
        return private(unchanged)
    return as_attachment(data, CONTENT_TYPE, f"{fit_name(directive.title)}.docx", tag)


def word_file(directive: Directive, viewer: pages.Viewer) -> bytes:
    """The document as a Word file in its own layout, with what the viewer may know of its citations."""
    if directive.is_issued_here:
        return official_file(directive)
    context = print_context(directive, viewer)
    marks = [context["running"], context["watermark"]]
    file = WordFile(
        directive.title, directive.issuer, directive.issued_on, " · ".join(mark for mark in marks if mark)
    )
    _Writing(file, context).document()
    return file.data()


def official_file(directive: Directive) -> bytes:
    """What is issued in the portal, with red head and imprint and nothing that the portal adds."""
    context = text_context(directive, pages.parts_of(directive, []))
    document = document_of(directive, context["annex_names"], printing_day(directive))
    file = OfficialWordFile(directive.title, directive.issuer, directive.issued_on, context["watermark"])
    _OfficialWriting(file, {**context, "document": document}).document()
    return file.data()


class _Writing:
    """Writes the printed page, part by part in its order."""

    unprinted_post = "原文未印"

    def __init__(self, file: WordFile, context: dict[str, Any]) -> None:
        self.file, self.context = file, context
        self.directive: Directive = context["directive"]
        self.remarks: list[str] = []
        self.told = 0

    def document(self) -> None:
        self.opening()
        self.text()
        for annex, _ in self.context["annexes"]:
            self.annex(annex)
        self.notes()

    def opening(self) -> None:
        directive, file = self.directive, self.file
        file.title(directive.title)
        if directive.number:
            file.centred(directive.number)
        if directive.source:
            file.centred(f"（来源：{directive.source}）", face=KAI, size=SMALL)
        if not self.context["reading"].has_text:
            words = "公报原文尚未导入，这里只印标题、名单和日期。"
            file.paragraph(words, indent=False, face=KAI, size=SMALL)
        if directive.addressees:
            file.paragraph(f"{'，'.join(directive.addressees)}：", indent=False)

    def text(self) -> None:
        reading = self.context["reading"]
        self.paragraphs(reading.preamble)
        if self.directive.plan_title:
            self.signature()
            self.file.title(self.directive.plan_title, begins_page=self.directive.is_issued_here)
        self.paragraphs(reading.plan_preamble)
        self.blocks(reading.blocks)
        self.rosters(reading.rosters)
        self.file.annex_names(list(self.annex_names()))
        if self.context["mentioned_annexes"]:
            words = f"文中提到、原文未附：{'、'.join(self.context['mentioned_annexes'])}"
            self.file.paragraph(words, indent=False, face=KAI, size=SMALL)
        if not self.directive.plan_title:
            self.signature()

    def annex_names(self) -> Iterator[str]:
        for place, annex in enumerate(self.context["annex_names"], start=1):
            number = f"{place}." if self.context["numbered_annexes"] else ""
            yield f"{number}{annex.title}{'' if annex.printed else '（原文未附）'}"

    def signature(self) -> None:
        day = self.directive.issued_on
        self.file.signature(self.context["signer"], day_words(day) if day else "")
        if self.directive.release_note:
            self.file.paragraph(f"（{self.directive.release_note}）")

    def annex(self, laid: LaidAnnex) -> None:
        self.file.annex_label(laid.label)
        self.file.title(laid.annex.title)
        self.paragraphs(laid.paragraphs)
        self.rosters(laid.rosters)
        self.blocks(laid.blocks)

    def paragraphs(self, paragraphs: Iterable[Paragraph]) -> None:
        for paragraph in paragraphs:
            self.words(self.file.paragraph(), paragraph)
            self.tell_remarks()
            self.rosters(paragraph.rosters)

    def words(self, line: WordParagraph, paragraph: Paragraph) -> None:
        """The words of a paragraph, a number behind each misprint."""
        for piece in paragraph.pieces:
            write(line, piece.text)
            if piece.note:
                self.remarks.append(piece.note)
                write(line, circled(len(self.remarks))).font.superscript = True

    def tell_remarks(self) -> None:
        """What the numbers since the last time say, below their paragraph."""
        for place in range(self.told, len(self.remarks)):
            self.note(f"{circled(place + 1)} {self.remarks[place]}")
        self.told = len(self.remarks)

    def blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            depth = block.section.depth
            if block.section.heading and (depth == 1 or block.stands_alone):
                self.file.heading(f"{block.number}{block.heading}", depth + 1)
                self.rosters(block.opening)
                self.paragraphs(block.paragraphs)
            else:
                self.run_in(block)
            self.rosters(block.rosters)

    def run_in(self, block: Block) -> None:
        """The number and heading in the line of the first paragraph, only the heading in its own face."""
        head = f"{block.number}{block.heading}"
        first = self.file.paragraph()
        write(first, head, LEVEL_FACES[block.section.depth + 1] if block.heading else "")
        if block.paragraphs:
            self.words(first, block.paragraphs[0])
            self.tell_remarks()
            self.rosters(block.paragraphs[0].rosters)
        self.paragraphs(block.paragraphs[1:])

    def rosters(self, rosters: Iterable[LaidRoster]) -> None:
        for laid in rosters:
            if laid.roster.name:
                self.file.centred(laid.roster.name, face=HEI)
            rows = [
                (
                    member.role or "成员",
                    member.printed_name,
                    f"{member.post or self.unprinted_post}{'（兼）' if member.concurrent else ''}",
                )
                for member in laid.members
            ]
            self.file.table(ROSTER_HEAD, rows, ROSTER_WIDTHS)

    def notes(self) -> None:
        """What the portal adds, apart from the text and in smaller type."""
        parts = (
            ("阶段安排", list(map(stage_words, self.context["stages"]))),
            ("引用文件", [citation_words(*cited) for cited in self.context["citations"]]),
            ("有效性", list(map(change_words, self.context["status_changes"]))),
            ("更正", list(map(notice_words, self.context["notices"]))),
        )
        filled = [(heading, lines) for heading, lines in parts if lines]
        missing = self.context["unprinted"]
        if filled or missing:
            self.note(f"以下由{settings.SITE_NAME}附注。", HEI)
        for heading, lines in filled:
            self.note(heading, HEI)
            for place, line in enumerate(lines, start=1):
                self.note(f"{place}. {line}")
        if missing:
            self.note(f"{'、'.join(missing)}：公报原文未印。")

    def note(self, text: str, face: str = "") -> None:
        added = self.file.paragraph(text, indent=False, face=face, size=NOTE_SIZE)
        added.paragraph_format.line_spacing = Pt(NOTE_LINE)


class _OfficialWriting(_Writing):
    """The same with the head and the foot of an official document."""

    file: OfficialWordFile
    unprinted_post = ""

    def opening(self) -> None:
        document: OfficialDocument = self.context["document"]
        self.file.head(document.head)
        self.file.title(document.title)
        if document.addressees:
            self.file.paragraph(f"{'，'.join(document.addressees)}：", indent=False)

    def annex_names(self) -> Iterator[str]:
        names = [annex.title for annex in self.context["annex_names"]]
        yield from (f"{n}.{name}" if len(names) > 1 else name for n, name in enumerate(names, start=1))

    def signature(self) -> None:
        document: OfficialDocument = self.context["document"]
        self.file.signature(document.issuer, day_words(document.dated) if document.dated else "")
        if document.note:
            self.file.paragraph(f"（{document.note}）")

    def notes(self) -> None:
        imprint = self.context["document"].imprint
        if imprint:
            self.file.imprint(imprint)


def circled(number: int) -> str:
    """① to ⑳, after that (21): further ones are in few faces."""
    return chr(ord("①") + number - 1) if number <= 20 else f"({number})"


def day_words(day: date) -> str:
    """The day as documents print it."""
    return f"{day.year}年{day.month}月{day.day}日"


def stage_words(stage: Stage) -> str:
    """The dates of a stage; either end may be open."""
    first, last = (day_words(day) if day else "" for day in (stage.starts_on, stage.ends_on))
    if first and last:
        return f"{stage.name}：{first}至{last}"
    if last:
        return f"{stage.name}：至{last}"
    return f"{stage.name}：自{first}起" if first else f"{stage.name}：日期未印"


def citation_words(citation: Citation, standing: str) -> str:
    """A cited document and whether the portal holds it."""
    title = titled(citation.title) if citation.title else ""
    return f"{title}{citation.number}（{standing}）"


def change_words(change: StatusChange) -> str:
    """A change of the legal state; a document that is not public is not named as its ground."""
    by = change.by_directive
    known = by and by.publication == Directive.Publication.PUBLISHED and by.is_public
    ground = f"，依据{titled(by.title)}" if by and known else ""
    note = f"（{change.note}）" if change.note else ""
    return f"{day_words(change.effective_on)}起{change.get_status_display()}{ground}{note}"


def notice_words(notice: DirectiveCorrection) -> str:
    """A correction of what is printed."""
    meant = f"应为“{notice.corrected}”" if notice.corrected else "原文如此"
    return f"原文“{notice.printed}”{meant}{f'（{notice.note}）' if notice.note else ''}"
