"""Reading a warning that came as a CAP 1.2 file, as a person would type it. Pure.

The file comes from outside: no entity is resolved, nothing is fetched, a
document type is refused. What the file does not say is left for the person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from lxml import etree

from floodresponse.cap import NAMESPACE, SEVERITIES
from floodresponse.models import FloodWarning
from foundation.errors import InvalidInput

LARGEST = 512 * 1024
LONGEST_TEXT = 5000
Kind, Colour = FloodWarning.Kind, FloodWarning.Colour
# What an event is called, in words of the weather service; the first that is there decides.
KINDS = (
    ("内涝", Kind.WATERLOGGING),
    ("积水", Kind.WATERLOGGING),
    ("地质", Kind.GEOLOGICAL),
    ("洪水", Kind.RIVER),
    ("山洪", Kind.RIVER),
    ("暴雨", Kind.RAINSTORM),
    ("雷", Kind.CONVECTION),
    ("大风", Kind.CONVECTION),
    ("强对流", Kind.CONVECTION),
    ("冰雹", Kind.CONVECTION),
)
COLOURS = {
    Colour.RED: ("红色", "red"),
    Colour.ORANGE: ("橙色", "orange"),
    Colour.YELLOW: ("黄色", "yellow"),
    Colour.BLUE: ("蓝色", "blue"),
}
BY_SEVERITY = {severity: level for level, severity in SEVERITIES.items()}
REFUSED = {"Cancel": "解除", "Ack": "回执", "Error": "退回"}


@dataclass(frozen=True, slots=True)
class CapFile:
    """What the file says; None where it does not, or not so that it can be read."""

    key: UUID
    identifier: str
    sender: str
    update: bool
    exercise: bool
    kind: str
    colour: int | None
    text: str
    valid_from: datetime | None
    valid_to: datetime | None


def read_cap(data: bytes) -> CapFile:
    """Read a message that warns; raises InvalidInput with what is wrong and what to do."""
    root = _root(data)
    identifier, sender = _of(root, "identifier"), _of(root, "sender")
    if not identifier or not sender:
        raise InvalidInput("文件缺少编号（identifier）或发送方（sender），不能识别，请联系发出单位重发。")
    status, message = _of(root, "status"), _of(root, "msgType")
    if status not in ("Actual", "Exercise"):
        raise InvalidInput(f"这份文件是测试或草稿（status 为 {status or '空'}），不是预警，没有读取。")
    if message not in ("Alert", "Update"):
        what = REFUSED.get(message, message or "空")
        raise InvalidInput(f"这份文件是{what}，不是新的预警；请在原预警的页面办理。")
    info = _chinese(root)
    if info is None:
        raise InvalidInput("文件里没有预警内容（info），请联系发出单位重发。")
    event, headline = _of(info, "event"), _of(info, "headline")
    parts = (headline, _of(info, "description"), _of(info, "instruction"))
    return CapFile(
        key=uuid5(NAMESPACE_URL, f"cap:{sender},{identifier}"),
        identifier=identifier,
        sender=_of(info, "senderName") or sender,
        update=message == "Update",
        exercise=status == "Exercise",
        kind=next((kind for word, kind in KINDS if word in f"{event}{headline}"), Kind.OTHER),
        colour=_colour(info),
        text="\n".join(part for part in parts if part)[:LONGEST_TEXT],
        valid_from=_moment(_of(info, "onset") or _of(info, "effective") or _of(root, "sent")),
        valid_to=_moment(_of(info, "expires")),
    )


def _root(data: bytes) -> etree._Element:
    if len(data) > LARGEST:
        raise InvalidInput(f"文件超过 {LARGEST // 1024} KB，不像一份预警文件，没有读取。")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise InvalidInput("这不是完整的 XML 文件，请重新下载后再选。") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise InvalidInput("文件带有文档类型声明，为安全起见没有读取。")
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise InvalidInput("这不是 CAP 1.2 预警文件，请改用手工登记。")
    return root


def _of(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def _chinese(root: etree._Element) -> etree._Element | None:
    """The part in Chinese, else the first."""
    parts = root.findall(f"{{{NAMESPACE}}}info")
    chinese = (part for part in parts if _of(part, "language").lower().startswith("zh"))
    return next(chinese, parts[0] if parts else None)


def _colour(info: etree._Element) -> int | None:
    """As a parameter or the headline names it, else by the severity."""
    said = "".join([*_values(info), _of(info, "headline")]).lower()
    named = (colour for colour, words in COLOURS.items() if any(word in said for word in words))
    return next(named, BY_SEVERITY.get(_of(info, "severity")))


def _values(info: etree._Element) -> Iterator[str]:
    for parameter in info.findall(f"{{{NAMESPACE}}}parameter"):
        yield _of(parameter, "value")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return timezone.localtime(moment) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
