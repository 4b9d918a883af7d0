"""Document numbers in their one written form; pure."""

import re
import unicodedata

# 〔2022〕 survives NFKC; （ ［ ﹝ become ( [ 〔.
PRINTED = re.compile(
    r"(?P<name>.*?[^\s〔\[(【])\s*[〔\[(【]\s*(?P<year>(?:19|20)\d\d)\s*[〕\])】]\s*第?\s*0*(?P<serial>[1-9]\d{0,4})\s*号"
)


def normalised_number(text: str) -> str:
    """扎政发〔2022〕5号 from any brackets and digits; what is no such number only loses its spaces."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = PRINTED.fullmatch(plain)
    if found is None:
        return " ".join(plain.split())
    name = "".join(found["name"].split())
    return f"{name}〔{found['year']}〕{int(found['serial'])}号"
