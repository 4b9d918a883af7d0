"""An entry as plain JSON: for its versions, and for comparing."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from events.models import Event
from foundation.versions import Content

CITED_TITLE = re.compile(r"《([^《》]+(?:《[^《》]*》[^《》]*)*)》")
LABELS = {
    "start_date": "起始日期",
    "end_date": "结束日期",
    "position": "当日次序",
    "title": "标题",
    "text": "正文",
    "source": "来源",
    "officials": "人员",
    "departments": "部门",
    "citations": "提到的文件",
    "topics": "主题",
}


def content_of(event: Event) -> Content:
    """All of an entry; equal contents mean that nothing was changed. Reads ``with_mentions()``."""
    return {
        "start_date": event.start_date.isoformat(),
        "end_date": event.end_date.isoformat(),
        "position": event.position,
        "title": event.title,
        "text": event.text,
        "source": event.source,
        "officials": [[o.person.name, o.post, o.printed_name] for o in event.officials.all()],
        "departments": sorted(m.department.name for m in event.mentions.all()),
        "citations": [c.title for c in event.citations.all()],
        "topics": sorted(topic.slug for topic in event.topics.all()),
    }


def read_event(event: Event) -> Content:
    """The entry as it is stored now, in a constant number of queries."""
    return content_of(Event.objects.with_mentions().get(pk=event.pk))


def in_lines(name: str, value: Any) -> list[str]:
    """A field's value as lines of text for a reader; no line for an empty one."""
    if value in (None, "", []):
        return []
    if name == "officials":
        return [official_words(*row) for row in value]
    if name == "text":
        return str(value).splitlines()
    if name in ("start_date", "end_date"):
        day = date.fromisoformat(value)
        return [f"{day.year}年{day.month}月{day.day}日"]
    return [str(row) for row in value] if isinstance(value, list) else [str(value)]


def official_words(name: str, post: str, printed: str) -> str:
    """A person of an entry in one line, with the printed form where it is another."""
    return f"{post} {name}".strip() + (f"（印作{printed}）" if printed and printed != name else "")


def cited_titles(text: str) -> tuple[str, ...]:
    """Titles between 《》 in reading order, each once."""
    return tuple(dict.fromkeys(CITED_TITLE.findall(text)))


def only(content: Mapping[str, Any], *names: str) -> Content:
    """Some keys of a content."""
    return {name: content[name] for name in names}
