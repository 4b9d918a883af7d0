"""What an official document issued here consists of besides its text (GB/T 9704-2012): pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from printing.titles import title_lines

# The mark is as large as its words allow, and never larger than this (points).
MARK_SIZE, MARK_WIDTH = 44.0, 425.0


@dataclass(frozen=True, slots=True)
class RedHead:
    """The head of the first page. ``mark`` are the red words, ``signer`` only a document upwards has.

    ``copy_number`` (份号) and ``urgency`` (紧急程度) stand at its top left, one below the other.
    """

    mark: str
    number: str
    signer: str = ""
    urgency: str = ""
    copy_number: str = ""

    @property
    def corner(self) -> list[tuple[str, str]]:
        """The lines at the top left from above: what each is and its words."""
        lines = [("copy-number", self.copy_number), ("urgency", self.urgency)]
        return [(kind, words) for kind, words in lines if words]

    @property
    def mark_size(self) -> str:
        """The size of the red words in points, as CSS takes it."""
        return f"{min(MARK_SIZE, MARK_WIDTH / max(len(self.mark), 1)):.2f}"


@dataclass(frozen=True, slots=True)
class Imprint:
    """The foot of the last page: to whom copies go, who printed it and when; a draft has no day yet."""

    issued_by: str
    issued_on: date | None
    copies: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A document issued in the portal; its text and annexes are blocks of the template.

    ``draft`` puts 草稿 across every page. ``annexes`` are named under the text.
    """

    head: RedHead
    title: str
    issuer: str
    dated: date | None
    addressees: Sequence[str] = ()
    annexes: Sequence[str] = ()
    note: str = ""
    imprint: Imprint | None = None
    draft: bool = False
    language: str = field(default="zh-CN")

    @property
    def title_lines(self) -> list[str]:
        """The title broken into even lines."""
        return title_lines(self.title)
