"""Document numbers and titles in their one written form; pure."""

import re
import unicodedata

from foundation.errors import InvalidInput

COPY_DIGITS = 6
NO_COPY_NUMBER = "份号是 1 至 6 位数字，从 1 起，例如 12（印为 000012）。请改正，或留空。"

# 〔2022〕 survives NFKC; （ ［ ﹝ become ( [ 〔.
PRINTED = re.compile(
    r"(?P<name>.*?[^\s〔\[(【])\s*[〔\[(【]\s*(?P<year>(?:19|20)\d\d)\s*[〕\])】]\s*第?\s*0*(?P<serial>[1-9]\d{0,4})\s*号"
)
INNER_MARKS = str.maketrans("《》", "〈〉")


def titled(title: str) -> str:
    """The title in its marks; titles inside it take the inner ones (GB/T 15834)."""
    return f"《{title.translate(INNER_MARKS)}》"


# Drawn as nothing, though no format characters: fillers and selectors of variants.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u034f") | frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)


def _seen(text: str) -> str:
    """Without what nobody sees: a second document would bear the same number to every eye."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf" and sign not in BLANK)


def normalised_number(text: str) -> str:
    """扎政发〔2022〕5号 from any brackets and digits; what is no such number only loses its spaces."""
    plain = _seen(unicodedata.normalize("NFKC", text)).strip()
    found = PRINTED.fullmatch(plain)
    if found is None:
        return " ".join(plain.split())
    name = "".join(found["name"].split())
    return f"{name}〔{found['year']}〕{int(found['serial'])}号"


def normalised_copy_number(text: str) -> str:
    """000012 from 12 (份号, GB/T 9704-2012, 7.2.1: six digits); empty stays empty.

    Raises InvalidInput for anything but one to six digits that count from one.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return ""
    if not re.fullmatch(rf"[0-9]{{1,{COPY_DIGITS}}}", plain) or not int(plain):
        raise InvalidInput(NO_COPY_NUMBER, fields={"copy_number": [NO_COPY_NUMBER]})
    return plain.zfill(COPY_DIGITS)
