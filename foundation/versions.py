"""Texts that are kept version by version, and corrected beside what the public sees.

How a room uses it, for one kind of record:

1. It says how the record is read and written: ``EVENTS = Edited(read=..., write=...)``. ``read`` gives all of
   a record as plain JSON (equal content means that nothing was changed); ``write`` takes ``actor at record
   changes reason`` with the changed keys of that JSON and stores them.
2. Its service locks the record, checks the right, and calls

   - ``keep_stored`` before and ``keep_version`` after each change of the text
     (``foundation.services.versions``; the record has django-simple-history's ``history``);
   - ``save_text`` for what a person typed: a draft is changed, beside a published text a ``Revision`` is
     proposed. Whoever opened the form before somebody else saved gets ``StaleText``, with the stored text;
   - ``step_revision`` to submit, return, publish or discard the proposal
     (``foundation.services.revisions``). Who wrote the proposal does not publish it.

3. Its form carries ``content_mark(content)`` of what it showed (``foundation.seen.carry_mark``); its pages
   show two versions with ``foundation.comparing.compare``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from foundation.publication import DRAFT, REVIEW, Step
from foundation.seen import StalePage, mark_of
from foundation.services.audit import as_json

Content = dict[str, Any]
DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Edited:
    """How one kind of record is read as JSON and written from it.

    ``write(actor=, at=, record=, changes=, reason=)`` stores the keys that changed and returns the record.
    """

    read: Callable[[Any], Content]
    write: Callable[..., Any]


REVISION_STEPS = {
    "submit": Step("提交签发", frozenset({DRAFT}), REVIEW, signs=False),
    "publish": Step("签发更正", frozenset({REVIEW}), "published", signs=True, another=True),
    "return": Step("退回修改", frozenset({REVIEW}), DRAFT, signs=True, needs_reason=True),
    "discard": Step("放弃更正", frozenset({DRAFT, REVIEW}), DISCARDED, signs=False, needs_reason=True),
}


class StaleText(StalePage):
    """Somebody saved another text after the form was opened; nothing was stored.

    ``stored`` is the text that stands now, ``by`` and ``at`` who saved it and when
    (empty and None where it was written by no person).
    """

    def __init__(self, stored: Content, by: str, at: datetime | None) -> None:
        who = f"{by}在您打开本页之后保存了另一份文本" if by else "您打开本页之后，文本已有变动"
        message = f"{who}，本次没有保存，您填写的内容都还在。请对照两份文本，合并后再保存。"
        super().__init__(message, content_mark(stored))
        self.stored, self.by, self.at = stored, by, at


def plain(content: Mapping[str, Any]) -> Content:
    """The content as JSON that every database gives back as it was."""
    return as_json(content)


def content_mark(content: Mapping[str, Any]) -> str:
    """A short mark of a content: the same content, the same mark."""
    return mark_of(sorted(plain(content).items()))


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Keys whose values differ, in the order of ``after``.

    A key that a text lacks is an empty one: texts kept before a field existed say nothing in it.
    """
    return [name for name, value in after.items() if _filled(before.get(name)) != _filled(value)]


def same_text(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two contents say the same, also when one was kept before a field existed."""
    return not changed_keys(one, other) and not changed_keys(other, one)


def _filled(value: Any) -> Any:
    return None if value in ("", []) else value
