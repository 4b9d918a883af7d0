"""A filtered list as a file for office programs, ``csv`` or ``xlsx``."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from foundation.errors import InvalidInput
from foundation.spreadsheets import csv_table
from foundation.workbooks import CONTENT_TYPE, workbook_of

# A workbook is made in memory; a table in CSV leaves line by line and has no limit.
MOST_ROWS = 20_000
Row = Sequence[str | Decimal | date]


def table_file(
    form: str, *, stem: str, title: str, header: Sequence[str], rows: Iterable[Row]
) -> HttpResponseBase:
    """The file to be kept; InvalidInput where a workbook would hold more than ``MOST_ROWS``."""
    response: HttpResponseBase
    if form == "csv":
        lines = csv_table(header, (tuple(map(str, row)) for row in rows))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    else:
        kept = list(islice(rows, MOST_ROWS + 1))
        if len(kept) > MOST_ROWS:
            raise InvalidInput(f"超过 {MOST_ROWS} 行，不能生成 XLSX；请缩小筛选范围，或改用 CSV。")
        response = HttpResponse(workbook_of(title, header, kept), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{stem}.{form}"'
    return response


def refuse_errors(form: Any) -> None:
    """Files and subscriptions refuse what a page would leave aside; InvalidInput names each condition."""
    if form.is_valid():
        return
    fields = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    words = "；".join(
        f"{form.fields[name].label or name}：{''.join(found)}" for name, found in fields.items()
    )
    raise InvalidInput(f"地址中的筛选条件有误，请改正后再试。{words}", fields=fields)
