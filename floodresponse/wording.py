"""A change of level in words, for messages, alerts, notices and the chronicle: pure."""

from typing import Any

from floodresponse.matrix import COLOUR_WORDS, NUMERALS
from floodresponse.models import LevelRecord

ADVICE = "请避开低洼路段、下穿通道和地下空间，不要涉水行走或行车；发现严重积水请报防涝办"
ALL_CLEAR = "响应已经终止，仍请留意路面积水和受损设施。"
# Units in words, as documents and alerts to the public have them.
CRITERIA = {
    "rain_3h": ("3小时雨量", "毫米"),
    "rain_6h": ("6小时雨量", "毫米"),
    "ponding": ("积水深度", "厘米"),
}
SHOWN_REASONS = 5


def advice(phone: str) -> str:
    """What everybody is asked to do, with the number to report to where the plan has one."""
    return f"{ADVICE}（电话{phone}）。" if phone else f"{ADVICE}。"


def level_words(level: int | None) -> str:
    """III级（黄色）."""
    return f"{NUMERALS[level]}级（{COLOUR_WORDS[level]}色）" if level else "无响应"


def kept_words(level: int | None) -> str:
    """维持III级（黄色）, 不启动响应."""
    return f"维持{level_words(level)}" if level else "不启动响应"


def change_words(record: LevelRecord, before: LevelRecord | None) -> str:
    """启动防内涝III级（黄色）应急响应, 将…由…调整为…, 终止…."""
    if before is None or before.level is None:
        return f"启动防内涝{level_words(record.level)}应急响应"
    if record.level is None:
        return f"终止防内涝{level_words(before.level)}应急响应"
    return f"将防内涝应急响应由{level_words(before.level)}调整为{level_words(record.level)}"


def measured_words(record: LevelRecord) -> str:
    """What was measured when it was decided; where nothing reached a level, whether all gauges were heard."""
    said = reasons_in_words(record.recommendation)
    if not said and not record.recommendation.get("complete"):
        return "决定时监测数据不全，由指挥部研判。"
    if not said:
        return "决定时没有监测数据达到启动条件。"
    return f"监测情况：{'；'.join(said[:SHOWN_REASONS])}。"


def reasons_in_words(found: dict[str, Any]) -> list[str]:
    """The measured reasons of a result as it was kept, the signs left out."""
    names = found.get("stations", {})
    reasons = [reason for reason in found.get("reasons", []) if reason["criterion"] in CRITERIA]
    return [_reason_words(reason, names) for reason in reasons]


def _reason_words(reason: dict[str, Any], names: dict[str, str]) -> str:
    what, unit = CRITERIA[reason["criterion"]]
    where = names.get(reason["where"], reason["where"])
    condition = f"{reason['level']}级条件{reason['threshold']}{unit}"
    return f"{where}{what}{reason['value']}{unit}（{condition}）"


def done_words(record: LevelRecord) -> str:
    """What has come of a decision, for the person who took it."""
    if record.response.exercise:
        return "已执行。演练只通知指挥部，不鸣警报，不对公众发布。"
    if record.level is None:
        return "已执行。终止的通知和公众消息同时生成，善后事项和总结报告由防涝办登记。"
    sirens = "、警报令" if record.sirens.exists() else ""
    return f"已执行。通知、行动{sirens}和公众预警同时生成。"
