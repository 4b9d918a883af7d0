"""The reader of published gazettes: text in, records and warnings out; no database, clock or settings."""

from gazette.parser.reader import parse_gazette
from gazette.parser.serialising import to_json
from gazette.parser.text import read_text

__all__ = ["parse_gazette", "read_text", "to_json"]
