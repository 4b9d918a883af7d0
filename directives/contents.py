"""A document as plain JSON: for its versions, and for comparing."""

from collections.abc import Callable
from datetime import date
from typing import Any

from directives.models import Directive
from foundation.versions import Content

LABELS = {
    "title": "标题",
    "number": "发文字号",
    "copy_number": "份号",
    "urgency": "紧急程度",
    "issuer": "发文机关",
    "issued_on": "成文日期",
    "kind": "种类",
    "is_public": "对公众公开",
    "release_note": "公开标注",
    "addressees": "主送机关",
    "signatory": "签发人",
    "preamble": "前言",
    "plan_title": "所附方案",
    "plan_preamble": "方案前言",
    "sections": "条目",
    "rosters": "名单",
    "stages": "阶段",
    "annexes": "附件",
    "citations": "引用的文件",
    "copies_to": "抄送机关",
    "printed_by": "印发机关",
    "printed_on": "印发日期",
    "topics": "主题",
    "summary": "摘要",
    "source": "来源",
}


def content_of(directive: Directive) -> Content:
    """All of a document, with the keys of ``DirectiveContent``; wants ``with_parts()`` and topics."""
    return {
        **printed_content_of(directive),
        "kind": directive.kind,
        "summary": directive.summary,
        "source": directive.source,
        "topics": sorted(topic.slug for topic in directive.topics.all()),
        "copy_number": directive.copy_number,
        "urgency": directive.urgency,
        "copies_to": list(directive.copies_to),
        "signatory": directive.signatory,
        "printed_by": directive.printed_by,
        "printed_on": iso(directive.printed_on),
    }


def read_directive(directive: Directive) -> Content:
    """The document as it is stored now, in a constant number of queries."""
    return content_of(Directive.objects.with_parts().prefetch_related("topics").get(pk=directive.pk))


def printed_content_of(directive: Directive) -> Content:
    """What a gazette would print of a document; wants ``with_parts()``."""
    return {
        "title": directive.title,
        "number": directive.number,
        "issuer": directive.issuer,
        "issued_on": iso(directive.issued_on),
        "addressees": list(directive.addressees),
        "is_public": directive.is_public,
        "release_note": directive.release_note,
        "preamble": directive.preamble,
        "plan_title": directive.plan_title,
        "plan_preamble": directive.plan_preamble,
        "annexes": [[a.label, a.title, a.printed, a.text] for a in directive.annexes.all()],
        "sections": [
            [s.depth, s.number, s.heading, s.text, s.annex.order if s.annex else 0]
            for s in directive.sections.all()
        ],
        "rosters": [
            [
                roster.name,
                roster.annex.order if roster.annex else 0,
                roster.section.order if roster.section else 0,
                [[m.role, m.printed_name, m.post, m.concurrent] for m in roster.members.all()],
            ]
            for roster in directive.rosters.all()
        ],
        "stages": [
            [s.name, iso(s.starts_on), iso(s.ends_on), s.section.order if s.section else 0]
            for s in directive.stages.all()
        ],
        "citations": [[c.title, c.number] for c in directive.citations.all()],
    }


def iso(day: date | None) -> str | None:
    """A day as JSON has it."""
    return day.isoformat() if day else None


def in_lines(name: str, value: Any) -> list[str]:
    """A field's value as lines of text for a reader; no line for an empty one."""
    if name == "is_public":
        return ["公开" if value else "不公开"]
    if value in (None, "", []):
        return []
    if name == "kind":
        return [str(Directive.Kind(value).label)]
    if name == "urgency":
        return [str(Directive.Urgency(value).label)]
    if name in ("issued_on", "printed_on"):
        return [_said(value)]
    if name in _ROWS:
        return [line for row in value for line in _ROWS[name](*row)]
    return [str(row) for row in value] if isinstance(value, list) else str(value).splitlines()


def _section_lines(depth: int, number: str, heading: str, text: str, annex: int) -> list[str]:
    mark = {1: "、", 3: "."}.get(depth, "") if number else ""
    place = f"（附件{annex}）" if annex else ""
    return [f"{place}{number}{mark}{heading}", *text.splitlines()]


def _annex_lines(label: str, title: str, printed: bool, text: str) -> list[str]:
    return [f"{label} {title}{'' if printed else '（原文未附）'}".strip(), *text.splitlines()]


def _roster_lines(name: str, annex: int, section: int, members: list[list[Any]]) -> list[str]:
    lines = [f"{role} {who} {post}{'（兼）' if also else ''}".strip() for role, who, post, also in members]
    return [name, *lines]


def _stage_lines(name: str, starts: str | None, ends: str | None, section: int) -> list[str]:
    return [f"{name}：{_said(starts) if starts else '…'} 至 {_said(ends) if ends else '…'}"]


def _citation_lines(title: str, number: str) -> list[str]:
    return [f"《{title}》{number}" if title else number]


def _said(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


_ROWS: dict[str, Callable[..., list[str]]] = {
    "sections": _section_lines,
    "annexes": _annex_lines,
    "rosters": _roster_lines,
    "stages": _stage_lines,
    "citations": _citation_lines,
}
