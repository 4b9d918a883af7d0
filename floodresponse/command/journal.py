"""The log of the command post in words: what was decided, ordered, called, reported."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from floodresponse.matrix import NUMERALS
from floodresponse.models import Recommendation
from foundation.actionwords import subject_of, verb_of
from foundation.models import AuditEntry

# Actions of the audit log that belong into the log of the command post; what they are called stands
# in the table of the room.
IN_LOG = (
    "flood_response.declare",
    "flood_response.adjust",
    "flood_response.terminate",
    "flood_response.keep",
    "flood_siren.sounded",
    "flood_action.acknowledge",
    "flood_action.done",
    "flood_action.call",
    "flood_sign.confirm",
    "flood_sign.end",
    "flood_warning.receive",
    "flood_warning.assess",
    "flood_warning.issue",
    "flood_warning.lift",
    "rain_order.order",
    "rain_order.end",
    "storm_replay.start",
    "storm_replay.end",
    "flood_watch.start",
    "flood_watch.end",
    "incident.report",
    "incident.change",
    "incident.change_tracker",
    "incident.file_report",
    "incident.pass_up",
    "incident.resolve",
    "obligation.call",
    "obligation.excuse",
    "obligation.meet",
)
# Of these the label of the object does not say what it is.
WITH_SUBJECT = ("flood_siren.", "flood_sign.", "flood_warning.", "flood_watch.", "storm_replay.")
# The screen has room for a few lines: each acknowledgement stands among the actions, each report
# is told by what it met.
ON_SCREEN = tuple(
    name
    for name in IN_LOG
    if name not in {"flood_action.acknowledge", "flood_action.done", "incident.file_report"}
)
# What one may ask for apart.
SUBJECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "level": ("响应级别", tuple(name for name in IN_LOG if name.startswith("flood_response."))),
    "order": (
        "警报和行动",
        tuple(name for name in IN_LOG if name.startswith(("flood_siren.", "flood_action."))),
    ),
    "incident": ("险情和报告", tuple(name for name in IN_LOG if name.startswith("incident."))),
    "call": ("叫应、报送和免责", tuple(name for name in IN_LOG if name.startswith("obligation."))),
    "sign": ("旁证", tuple(name for name in IN_LOG if name.startswith("flood_sign."))),
    "warning": ("预警", tuple(name for name in IN_LOG if name.startswith("flood_warning."))),
    "rain": ("降雨部署和演练降雨", tuple(name for name in IN_LOG if name.startswith(("rain_", "storm_")))),
    "watch": ("汛期值守", tuple(name for name in IN_LOG if name.startswith("flood_watch."))),
}
WATCHES = frozenset({"flood_watch.start", "flood_watch.end"})
# The plan's signs in a few words.
SIGNS = {
    "house_leak": "危旧房屋漏雨",
    "house_leak_severe": "危旧房屋严重漏雨",
    "house_collapse": "危旧房屋倒塌",
    "house_collapse_wide": "危旧房屋成片倒塌",
    "jam": "交通拥堵",
    "jam_severe": "短时严重拥堵",
    "road_cut": "主干道中断",
    "traffic_paralysed": "交通瘫痪",
    "basement_some": "部分地下空间进水",
    "basement_many": "多处地下空间进水",
    "utility_cut": "停电、停水或停气",
    "facility_damage": "市政设施损毁",
}
KEEPING = "flood_response.keep"
CALLS = frozenset({"obligation.call", "flood_action.call"})
DECISIONS = frozenset({"flood_response.declare", "flood_response.adjust", "flood_response.terminate"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log."""

    at: datetime
    who: str
    text: str


def lines_of(
    entries: Iterable[AuditEntry], results: Iterable[Recommendation], most: int, *, whole: bool = False
) -> list[Line]:
    """Both together, the newest first.

    A result is told by what differs from the one before; the oldest one that was
    fetched has none to compare with: it is left out, or told as it is (``whole``).
    """
    results = list(results)
    lines = [line_of(entry) for entry in entries]
    lines += [_result(now, before) for now, before in pairwise(results)]
    if whole and results:
        lines.append(_result(results[-1], Recommendation(begins_at=results[-1].begins_at)))
    return sorted(lines, key=lambda line: line.at, reverse=True)[:most]


def line_of(entry: AuditEntry, drills: Collection[int] = ()) -> Line:
    """An entry of the audit log; ``drills``: entries known to be of a drill though they do not say so."""
    drill = "【演练】" if entry.after.get("exercise") or entry.pk in drills else ""
    return Line(entry.at, entry.actor_label, drill + words_of(entry))


def words_of(entry: AuditEntry) -> str:
    """What was done, to what."""
    done = _done(entry.action)
    if entry.action in DECISIONS:
        return _decision(done, entry)
    if entry.action == KEEPING:
        level = entry.after.get("level")
        kept = f"{done} {_numeral(level)}" if level else "不启动"
        return f"{kept}，推荐为 {_numeral(entry.after.get('recommended'))}"
    if entry.action in CALLS:
        answered = "已接" if entry.after.get("answered") else "未接"
        return f"叫应{entry.after.get('called', '')}，{answered}"
    if entry.action in WATCHES:
        return done
    if entry.action == "flood_sign.confirm":
        return f"{done}：{entry.after.get('place', '')}{SIGNS.get(str(entry.after.get('code')), '')}"
    if entry.action == "obligation.meet":
        late = entry.after.get("late")
        return f"{done}：{entry.object_label}{f'，迟 {late} 分' if late else ''}"
    return f"{done}：{entry.object_label}"


def _done(action: str) -> str:
    subject = subject_of(action) if action.startswith(WITH_SUBJECT) else ""
    return f"{verb_of(action)}{subject}"


def _decision(done: str, entry: AuditEntry) -> str:
    before, after = entry.before.get("level"), entry.after.get("level")
    recommended = entry.after.get("recommended")
    change = " → ".join(_numeral(level) for level in (before, after) if level)
    agrees = "与推荐一致" if after == recommended else f"推荐为 {_numeral(recommended)}"
    said = f"{done} {change}".strip()
    return said if after is None else f"{said}，{agrees}"


def _numeral(level: Any) -> str:
    return NUMERALS.get(level, "未达 IV")


def _result(now: Recommendation, before: Recommendation) -> Line:
    """What the automatic assessment came to, compared with its result before."""
    if now.error:
        return Line(now.begins_at, "系统", f"无法研判：{now.error}")
    names = now.found.get("stations", {})
    said = []
    if now.level != before.level:
        said.append(f"推荐 {_numeral(before.level)} → {_numeral(now.level)}")
        said += _where(now.found)
    gone = [str(names.get(code, code)) for code in now.silent if code not in before.silent]
    back = [code for code in before.silent if code not in now.silent]
    if gone:
        said.append(f"{'、'.join(gone)}静默，数据不全")
    if back:
        said.append(f"{len(back)} 站恢复来报")
    return Line(now.begins_at, "系统", "，".join(said) or ("恢复研判" if before.error else "开始研判"))


def _where(found: dict[str, Any]) -> list[str]:
    reasons = [reason for reason in found.get("reasons", []) if reason.get("criterion") != "sign"]
    if not reasons:
        return []
    top, names = reasons[0], found.get("stations", {})
    unit = "cm" if top["criterion"] == "ponding" else "mm"
    said = [f"{names.get(top['where'], top['where'])} {top['value']} {unit}"]
    return [*said, "单点"] if found.get("single_station") else said
