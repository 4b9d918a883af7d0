"""Public alerts as CAP 1.2: pure, from a few facts to XML."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
ALERT, UPDATE, CANCEL = "Alert", "Update", "Cancel"
SEVERITIES = {1: "Extreme", 2: "Severe", 3: "Moderate", 4: "Minor"}
COLOURS = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
NUMERALS = {1: "I", 2: "II", 3: "III", 4: "IV"}
URGENCIES = {1: "Immediate", 2: "Immediate", 3: "Expected", 4: "Expected"}
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The facts of a message.

    ``level`` is that of the alert, or for a cancel the level that ends;
    ``measured`` says whether gauges or points stand behind it; ``reference``
    is the message before, as ``sender,identifier,sent``.
    """

    identifier: str
    sender: str
    sent: datetime
    message_type: str
    level: int
    measured: bool
    exercise: bool
    sender_name: str
    headline: str
    description: str
    instruction: str
    area: str
    web: str = ""
    reference: str = ""


def stamp(moment: datetime) -> str:
    """A moment as CAP writes it: seconds and +08:00, never Z."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds")


def cap_xml(alert: Alert) -> str:
    """The message."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<alert xmlns="{NAMESPACE}">',
        _line("identifier", alert.identifier),
        _line("sender", alert.sender),
        _line("sent", stamp(alert.sent)),
        _line("status", "Exercise" if alert.exercise else "Actual"),
        _line("msgType", alert.message_type),
        _line("scope", "Public"),
    ]
    if alert.exercise:
        lines.append(_line("note", "演练，请勿当作真实预警"))
    if alert.reference:
        lines.append(_line("references", alert.reference))
    return "\n".join([*lines, *_info(alert), "</alert>", ""])


def _info(alert: Alert) -> list[str]:
    over = alert.message_type == CANCEL
    lines = [
        "<info>",
        _line("language", "zh-CN"),
        _line("category", "Met"),
        _line("category", "Safety"),
        _line("event", "城市内涝"),
        _line("responseType", "AllClear" if over else "Avoid"),
        _line("urgency", "Past" if over else URGENCIES[alert.level]),
        _line("severity", SEVERITIES[alert.level]),
        _line("certainty", "Observed" if alert.measured or over else "Likely"),
        _line("effective", stamp(alert.sent)),
        _line("senderName", alert.sender_name),
        _line("headline", alert.headline),
        _line("description", alert.description),
        _line("instruction", alert.instruction),
    ]
    if alert.web:
        lines.append(_line("web", alert.web))
    lines += _pair("parameter", "colour", COLOURS[alert.level])
    lines += _pair("parameter", "level", NUMERALS[alert.level])
    return [*lines, "<area>", _line("areaDesc", alert.area), "</area>", "</info>"]


def _line(name: str, text: str) -> str:
    clean = "".join(char for char in text if char.isprintable() or char in "\n\t")
    return f"<{name}>{escape(clean)}</{name}>"


def _pair(element: str, name: str, value: str) -> list[str]:
    return [f"<{element}>", _line("valueName", name), _line("value", value), f"</{element}>"]
