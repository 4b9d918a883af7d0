"""Names of files as people typed them, made harmless; pure."""

import re
import unicodedata

from foundation.filetypes import FileType

NAMELESS = "附件"
# File systems count bytes: 255 at most, a Chinese character takes three.
MAX_BYTES = 200
# Windows refuses these in a name.
RESERVED = re.compile(r'[<>:"|?*]')
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")
# Controls, invisible formatting (among it what turns the reading direction), line separators, halves of
# surrogate pairs and unassigned characters.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


def clean_name(name: str, kind: FileType) -> str:
    """The last part of a path without anything that deceives or breaks, its suffix that of the content."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(character for character in last if unicodedata.category(character) not in UNSEEN)
    plain = " ".join(RESERVED.sub("_", seen).split()).rstrip(". ")
    stem, suffix = _split(plain, kind)
    stem = DEVICES.sub(r"_\1", stem.strip(". ")) or NAMELESS
    return _cut(stem, MAX_BYTES - len(suffix)) + suffix


def _split(name: str, kind: FileType) -> tuple[str, str]:
    """The stem, and the suffix: the given one where it fits the content, else the usual one behind it all."""
    for suffix in kind.suffixes:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)], name[-len(suffix) :]
    return name, kind.suffixes[0]


def _cut(text: str, max_bytes: int) -> str:
    return text.encode()[:max_bytes].decode(errors="ignore").rstrip(". ")
