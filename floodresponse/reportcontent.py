"""What a report must hold: figures checked, missing content named. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

FIGURES = {
    "affected": "受灾人口",
    "dead": "死亡",
    "missing": "失踪",
    "injured": "受伤",
    "evacuated": "转移",
    "trapped": "被困",
    "houses_collapsed": "倒塌房屋",
    "houses_damaged": "损坏房屋",
    "crop_hectares": "农作物受灾面积（公顷）",
    "loss_10k_yuan": "直接经济损失（万元）",
}
MEASURED = frozenset({"crop_hectares", "loss_10k_yuan"})
# People who are trapped come free, so this number alone may fall without a word.
NOT_CUMULATIVE = frozenset({"trapped"})
MOST = 1_000_000_000
PLACES = 4

Figure = int | float | None


@dataclass(frozen=True, slots=True)
class Part:
    """Something that must be told; any of the words in the text or any of the figures tells it."""

    label: str
    words: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


CAUSE = Part("死亡、失踪的原因", ("原因", "因", "由于", "导致", "被冲", "触电", "溺"))
PERSONS = Part("死亡、失踪人员情况", ("岁", "男", "女", "姓名", "身份"))
SITUATION = Part("险情现状", ("积水", "水深", "险情", "现状", "目前", "倒塌", "中断", "被困"), ("trapped",))
RESCUE = Part(
    "抢险救援情况", ("抢险", "救援", "救出", "转移", "排水", "抽排", "处置", "封路"), ("evacuated",)
)
BASICS = Part("受灾基本情况", ("受灾", "灾情", "受淹", "积水", "影响"), ("affected",))
LOSSES = Part(
    "损失情况",
    ("损失", "倒塌", "损坏"),
    ("houses_collapsed", "houses_damaged", "crop_hectares", "loss_10k_yuan"),
)
DEPLOYMENT = Part("工作部署", ("部署", "安排", "组织", "措施", "调集", "派出"))
BY_KIND = {"waterlogging": (), "danger": (SITUATION, RESCUE), "disaster": (BASICS, LOSSES, DEPLOYMENT)}


def read_figures(given: Any) -> tuple[dict[str, Figure], str]:
    """The figures as numbers, and what is wrong with them as a sentence; None is “not counted yet”."""
    if not isinstance(given, Mapping):
        return {}, "数字应按项目填写。"
    read: dict[str, Figure] = {}
    for key, value in given.items():
        if key not in FIGURES:
            return {}, f"没有“{key}”这个项目；可填：{'、'.join(FIGURES.values())}。"
        number, fits = _number(key, value)
        if not fits:
            kind = "不小于 0 的数" if key in MEASURED else "不小于 0 的整数"
            return {}, f"“{FIGURES[key]}”应为{kind}，未核实的请留空。"
        read[key] = number
    return read, _contradiction(read)


def _number(key: str, value: Any) -> tuple[Figure, bool]:
    if value is None or value == "":
        return None, True
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None, False
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None, False
    if not number.is_finite() or not 0 <= number <= MOST:
        return None, False
    whole = number == number.to_integral_value()
    if key not in MEASURED:
        return (int(number), True) if whole else (None, False)
    return (int(number) if whole else float(round(number, PLACES))), True


def _contradiction(figures: Mapping[str, Figure]) -> str:
    affected = figures.get("affected")
    victims = (figures.get("dead") or 0) + (figures.get("missing") or 0)
    if affected is not None and victims > affected:
        return f"死亡与失踪合计 {victims} 人，多于受灾人口 {affected} 人，请核对。"
    return ""


def fallen(before: Mapping[str, Figure], after: Mapping[str, Figure]) -> list[str]:
    """Figures that are lower than in an earlier report, in words; they add up, so a fall needs a reason."""
    return [
        f"{FIGURES[key]}由 {earlier} 减为 {later}"
        for key in FIGURES
        if key not in NOT_CUMULATIVE
        and (earlier := before.get(key)) is not None
        and (later := after.get(key)) is not None
        and later < earlier
    ]


def lacking(
    *,
    channel: str,
    kind: str,
    text: str,
    figures: Mapping[str, Figure],
    casualties: bool,
    falls: Sequence[str] = (),
    explanation: str = "",
) -> list[str]:
    """What a report leaves out, in words; it is kept all the same."""
    missing = [] if text.strip() else ["文字说明"]
    if channel == "media":
        missing.append("图片或视频")
    if channel == "written":
        parts = (*((CAUSE, PERSONS) if casualties else ()), *BY_KIND[kind])
        missing += [part.label for part in parts if not _told(part, text, figures)]
    if falls and not explanation.strip():
        missing.append(f"数字减少的说明（{'；'.join(falls)}）")
    return missing


def _told(part: Part, text: str, figures: Mapping[str, Figure]) -> bool:
    named = any(word in text for word in part.words)
    return named or any(figures.get(key) is not None for key in part.figures)
