"""Damaged files are taken or refused with a Chinese sentence, never with a fault of the program."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floodresponse.gauges.sheets import lines_of_csv
from foundation.errors import InvalidInput
from foundation.services.attachments import check_file
from foundation.spreadsheets import csv_table
from foundation.workbooks import table_from
from tests.fuzzing.damage import FILES, ROWS, damaged, repacked

CHINESE = re.compile("[\u4e00-\u9fff]")
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


ROWS_AS_CSV = ROWS.map(lambda rows: "".join(csv_table((), [tuple(row) for row in rows])))


def outcome(action: Callable[[], Any]) -> Any:
    """What it returned, or the sentence of its refusal; anything else that it raises fails the test."""
    try:
        return action()
    except InvalidInput as refusal:
        return refusal.message


def is_a_sentence(found: object) -> bool:
    return isinstance(found, str) and bool(CHINESE.search(found))


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
@MANY
def test_a_damaged_file_is_checked(name: str, data: st.DataObject) -> None:
    upload = SimpleUploadedFile(name, data.draw(damaged(FILES[name])))
    found = outcome(lambda: check_file(upload, films=True))
    assert is_a_sentence(found) or (found.content and found.name)


@given(content=st.one_of(damaged(FILES["表.xlsx"]), repacked(), st.binary(max_size=400)))
@settings(MANY, max_examples=400)
def test_a_damaged_workbook_is_read(content: bytes) -> None:
    found = outcome(lambda: table_from(content, most_rows=100, most_columns=20))
    assert is_a_sentence(found) or all(isinstance(cell, str) for line in found for cell in line)


@given(content=st.one_of(st.binary(max_size=400), ROWS_AS_CSV.map(lambda text: text.encode())))
@MANY
def test_any_bytes_as_a_table_in_csv(content: bytes) -> None:
    found = outcome(lambda: lines_of_csv(content))
    assert is_a_sentence(found) or all(isinstance(cell, str) for line in found for cell in line)


@pytest.mark.parametrize("name", ["图.jpg", "件.pdf", "文.docx", "表.xlsx", "片.mp4"])
def test_every_length_of_a_truncated_file(name: str) -> None:
    content = FILES[name]
    for length in range(0, len(content), max(1, len(content) // 200)):
        found = outcome(partial(check_file, SimpleUploadedFile(name, content[:length]), films=True))
        assert is_a_sentence(found) or found.content
