"""A page ready to be printed, named by its content."""

import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

from printing.layouts import Layout
from printing.rendering import style_signature

# Longer ones are set in the background. 100,000 characters of markup make some eighty pages of
# text or thirty of tables: about four seconds on a free core, ten on a busy machine.
AT_ONCE_CHARACTERS = 100_000
UNFIT_FOR_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
NAME_LENGTH = 80


class _Kept(Protocol):
    """What has a key and a name, as a field or made up when asked for."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...


class Named:
    """What is kept under a key and handed out under a name."""

    __slots__ = ()

    @property
    def etag(self: _Kept) -> str:
        """The key as an entity tag."""
        return f'"{self.key[:32]}"'

    @property
    def file_name(self: _Kept) -> str:
        """A name that every file system takes."""
        return f"{fit_name(self.name)}.pdf"


@dataclass(frozen=True, slots=True)
class Ordered(Named):
    """A document that was given to the background, known by its key alone."""

    key: str
    title: str
    name: str


@dataclass(frozen=True, slots=True)
class Printout(Named):
    """``title`` is shown while it is being set; ``name`` is the file's, without its ending.

    ``in_background`` for what is always long: it is never set while a request waits.
    """

    html: str
    layout: Layout
    title: str
    name: str
    in_background: bool = False

    @property
    def key(self) -> str:
        """The same for the same page in the same style; another for anything else."""
        text = f"{style_signature(self.layout)}\n{self.layout}\n{self.html}"
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()

    @property
    def is_long(self) -> bool:
        """Whether nobody should wait for it with an open request."""
        return self.in_background or len(self.html) > AT_ONCE_CHARACTERS


def fit_name(name: str) -> str:
    """The name of a file, without its ending, as every file system takes it."""
    name = " ".join(UNFIT_FOR_NAMES.sub(" ", name).split()).strip(" .")
    return name[:NAME_LENGTH] or "document"
