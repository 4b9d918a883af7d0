"""Template tags and filters used on every page."""

import json
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.safestring import SafeString, mark_safe

from events.models import Event
from events.monthgrid import span_label
from floodresponse.matrix import Badge

register = template.Library()

ICON_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ICON_CLASS = re.compile(r'class="[^"]*"')
WEEKDAYS = "一二三四五六日"


class Spanning(Protocol):
    """Something that covers days."""

    start: date
    end: date


@register.filter
def as_json(value: object) -> str:
    """What a script reads from an attribute of the page."""
    return json.dumps(value)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """The outline icon as inline SVG, hidden from screen readers; ``css`` adds classes."""
    return mark_safe(drawing_of(name, css))


@cache
def drawing_of(name: str, css: str = "") -> str:
    """The markup of an icon, read once from the icons' package."""
    path = Path(settings.NODE_MODULES) / "@tabler/icons/icons/outline" / f"{name}.svg"
    if not ICON_NAME.fullmatch(name) or not path.is_file():
        raise ImproperlyConfigured(
            f"There is no icon “{name}” in @tabler/icons. Run make setup, or correct the name."
        )
    drawing = re.sub(r"<!--.*?-->", "", path.read_text(), flags=re.DOTALL)
    classes = f"icon {css}".strip()
    drawing = ICON_CLASS.sub(f'class="{classes}" aria-hidden="true" focusable="false"', drawing, count=1)
    return re.sub(r"\s*\n\s*", " ", drawing).strip()


@register.filter(expects_localtime=True)
def weekday(day: date) -> str:
    """周一 to 周日, of a moment as of the day it is in Zalantun."""
    return f"周{WEEKDAYS[day.weekday()]}"


@register.filter(expects_localtime=True)
def long_weekday(day: date) -> str:
    """星期一 to 星期日, likewise."""
    return f"星期{WEEKDAYS[day.weekday()]}"


@register.filter
def iso(moment: date | datetime | None) -> str:
    """A date or time for a ``datetime`` attribute; empty for nothing."""
    return moment.isoformat() if moment else ""


@register.filter
def numeral(level: int) -> str:
    """I to IV, as the plan prints the levels."""
    return Badge(level).numeral


@register.filter
def colour_word(level: int) -> str:
    """The word of a level's colour."""
    return Badge(level).word


@register.inclusion_tag("_light.html")
def light(colour: str, word: str = "", closed: bool = False) -> dict[str, object]:
    """A light as shape, word and colour; see ``_light.html``."""
    return {"colour": "closed" if closed else colour, "word": word}


@register.filter
def span_days(record: Spanning) -> str:
    """1日, 25～29日 or 30日～10月2日 of something with a first and a last day."""
    label = span_label(record.start, record.end)
    return label if label.endswith("日") else f"{label}日"


@register.filter
def publication(code: str) -> str:
    """The word for a state of publication."""
    return str(Event.Publication(code).label)
