"""Tables handed out as workbooks."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from django.http import HttpResponse

from foundation.workbooks import CONTENT_TYPE, workbook_of


def workbook_response(
    title: str, plain: str, header: Sequence[str], rows: Iterable[Sequence[str | Decimal | date]]
) -> HttpResponse:
    """A workbook as a download; ``plain`` is its name for old programs, without suffix."""
    response = HttpResponse(workbook_of(title, header, rows), content_type=CONTENT_TYPE)
    names = f"filename=\"{plain}.xlsx\"; filename*=UTF-8''{quote(title)}.xlsx"
    response["Content-Disposition"] = f"attachment; {names}"
    return response
