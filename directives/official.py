"""What a document issued in the portal carries beside its text (GB/T 9704-2012): head, number, imprint."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from directives.models import Annex, Directive
from printing.official import Imprint, OfficialDocument, RedHead

GOVERNMENT, OFFICE = "人民政府", "办公室"
NOT_PUBLIC = "此件不公开"


def document_of(directive: Directive, annexes: Sequence[Annex], printed_on: date | None) -> OfficialDocument:
    """The document as it is issued; the annexes of an enclosed plan are named under that, not here."""
    return OfficialDocument(
        head=RedHead(
            f"{directive.issuer}文件",
            directive.number,
            signer=directive.signatory,
            urgency=directive.get_urgency_display(),
            copy_number=directive.copy_number,
        ),
        title=directive.title,
        issuer=directive.issuer,
        dated=directive.issued_on,
        addressees=directive.addressees,
        annexes=[] if directive.plan_title else [annex.title for annex in annexes],
        note=directive.release_note or ("" if directive.is_public else NOT_PUBLIC),
        imprint=imprint_of(directive, printed_on),
    )


def imprint_of(directive: Directive, printed_on: date | None) -> Imprint:
    """The foot of its last page (版记): to whom copies go, who printed it and when."""
    return Imprint(directive.printed_by or printing_office(directive.issuer), printed_on, directive.copies_to)


def printing_office(issuer: str) -> str:
    """Who prints and sends it: the office of a government, any other body itself."""
    return f"{issuer}{OFFICE}" if issuer.endswith(GOVERNMENT) else issuer


def printing_day(directive: Directive) -> date | None:
    """The day of the imprint (印发日期): as given, else when it was signed; None for what is not."""
    if directive.printed_on:
        return directive.printed_on
    if directive.publication != Directive.Publication.PUBLISHED:
        return None
    signed = directive.history.filter(publication=directive.publication).order_by("history_date").first()
    return timezone.localtime(signed.history_date).date() if signed else directive.issued_on
