"""The sections of the report in words, each from its rows; what has no rows says so. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from operator import itemgetter

from django.utils import timezone

from floodresponse.aftermath.facts import Facts
from floodresponse.aftermath.peaks import plain
from floodresponse.aftermath.tables import Punctuality, punctuality, totals
from floodresponse.matrix import COLOUR_WORDS, NUMERALS
from floodresponse.models import AftermathEntry, Incident, KeptLevel, LevelRecord
from floodresponse.reportcontent import FIGURES
from floodresponse.services.rainorders import WORDS as RAIN_ORDERS

Kind = AftermathEntry.Kind
SHOWN = 5
# Of figures whose name does not say it.
UNITS = {
    **dict.fromkeys(("affected", "dead", "missing", "injured", "evacuated", "trapped"), "人"),
    **dict.fromkeys(("houses_collapsed", "houses_damaged"), "间"),
}


def moment(at: datetime) -> str:
    """7月26日15时02分."""
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日{local.hour}时{local.minute:02}分"


def lasting(minutes: int) -> str:
    """40分钟, 5小时30分钟, 2天3小时."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "天"), (hours, "小时"), (left if not days else 0, "分钟")]
    return "".join(f"{number}{word}" for number, word in parts if number) or "0分钟"


def level_name(level: int | None) -> str:
    """Ⅲ级（黄色）, or 终止."""
    return f"{NUMERALS[level]}级（{COLOUR_WORDS[level]}色）" if level else "终止"


def summary(facts: Facts) -> str:
    """From when until when, how high, what it came to."""
    response = facts.response
    levels = [record.level for record in facts.levels if record.level]
    lasted = lasting(int((facts.until - response.declared_at).total_seconds() // 60))
    said = f"{moment(response.declared_at)}启动防内涝应急响应"
    said += f"，{moment(response.terminated_at)}终止" if response.terminated_at else "，尚未终止"
    said += f"，历时{lasted}"
    if levels:
        said += f"，最高级别{level_name(min(levels))}"
    said += f"。期间上报涝情、险情、灾情{len(facts.incidents)}起"
    people = sum(move.people for move in facts.moves)
    said += f"，转移{len(facts.moves)}户{people}人。" if facts.moves else "。"
    return ("本次为演练。" if response.exercise else "") + said


def process(facts: Facts) -> str:
    """The time of each step, who ordered it, whether it followed the recommendation."""
    steps = [
        *_before_it(facts),
        *(
            (record.since, _step(record, before))
            for before, record in pairwise([None, *facts.levels])
            if record
        ),
        *((kept.decided_at, _kept(kept)) for kept in facts.kept),
        *((siren.sounded_at, f"第{siren.number}次鸣放警报{siren.minutes}分钟。") for siren in facts.sirens),
    ]
    dated = sorted(((at, said) for at, said in steps if at and at <= facts.until), key=itemgetter(0))
    lines = [f"{moment(at)}，{said}" for at, said in dated]
    silent = sum(siren.sounded_at is None for siren in facts.sirens)
    return "\n".join([*lines, *[f"另有{silent}次警报令没有鸣放确认。"] * bool(silent)])


def _before_it(facts: Facts) -> Iterator[tuple[datetime | None, str]]:
    """Warnings, and what was ordered for rain below level IV."""
    for warning in facts.warnings:
        yield warning.issued_at, f"发布{warning}（{warning.issuer.name}，{moment(warning.valid_to)}止）。"
        yield warning.lifted_at, f"解除{warning}。"
    for order in facts.rain_orders:
        yield order.ordered_at, f"部署{RAIN_ORDERS[order.situation]}，部署人{order.ordered_by}。"


def _kept(kept: KeptLevel) -> str:
    recommended = level_name(kept.recommended) if kept.recommended else "未达启动条件"
    said = f"维持{level_name(kept.level)}，下令人{kept.authorised_by}；当时建议为{recommended}"
    return f"{said}；理由：{kept.reason.rstrip('。')}。"


def _step(record: LevelRecord, before: LevelRecord | None) -> str:
    if record.level is None:
        what = "终止响应"
    elif before is None:
        what = f"启动{level_name(record.level)}响应"
    else:
        what = f"由{level_name(before.level)}调整为{level_name(record.level)}"
    said = f"{what}，下令人{record.authorised_by}" if record.authorised_by else what
    if record.level and record.recommended != record.level:
        recommended = level_name(record.recommended) if record.recommended else "未达启动条件"
        said += f"；当时建议为{recommended}"
    return said + (f"；理由：{record.reason.rstrip('。')}。" if record.reason else "。")


def weather(facts: Facts) -> str:
    """The most rain and the deepest water."""
    lines = []
    if facts.gauges:
        # The headline is of gauges that a level rests on, as long as there is one.
        counted = [gauge for gauge in facts.gauges if gauge.site.counts] or facts.gauges
        most3 = max(counted, key=lambda gauge: gauge.in_3h.value)
        most6 = max(counted, key=lambda gauge: gauge.in_6h.value)
        lines.append(
            f"3小时最大雨量{most3.in_3h.text}毫米（{most3.site.name}，{moment(most3.in_3h.at)}止），"
            f"6小时最大雨量{most6.in_6h.text}毫米（{most6.site.name}，{moment(most6.in_6h.at)}止）；"
            f"{len(facts.gauges)}个雨量站有记录，详见附表。"
        )
    else:
        lines.append("没有雨量记录。")
    if facts.points:
        deepest = next((point for point in facts.points if point.site.counts), facts.points[0])
        lines.append(
            f"{len(facts.points)}个点位积水，最深{deepest.deepest.text}厘米"
            f"（{deepest.site.name}，{moment(deepest.deepest.at)}）。"
        )
    else:
        lines.append("没有积水记录。")
    return "\n".join(lines)


def incidents(facts: Facts) -> str:
    """How many of which kind and grade; the grave ones by name."""
    if not facts.incidents:
        return "没有上报涝情、险情、灾情。"
    kinds = Counter(one.get_kind_display() for one in facts.incidents)
    grades = Counter(one.get_severity_display() for one in facts.incidents)
    said = "、".join(f"{kind}{n}起" for kind, n in kinds.items())
    by_grade = "、".join(f"{grade}{n}起" for grade, n in grades.items())
    lines = [f"共{len(facts.incidents)}起：{said}；按等级{by_grade}。"]
    for one in facts.incidents:
        if one.severity != Incident.Severity.ORDINARY or one.dead or one.missing:
            solved = f"{moment(one.resolved_at)}处置完毕" if one.resolved_at else "未登记处置完毕"
            lines.append(
                f"{moment(one.occurred_at)}，{one.unit.name}{one.location}发生"
                f"{one.get_severity_display()}{one.get_kind_display()}，{solved}。"
            )
    return "\n".join(lines)


def reporting(facts: Facts) -> str:
    """In time, late, missing; the worst by name."""
    rows = punctuality(facts.obligations, facts.at)
    if not rows:
        return "期间没有应报事项。"
    owed = sum(row.owed for row in rows)
    in_time = sum(row.in_time for row in rows)
    lines = [
        f"应报{owed}项，按时{in_time}项，迟报{sum(row.late for row in rows)}项，"
        f"未报{sum(row.missing for row in rows)}项，免责{sum(row.excused for row in rows)}项；"
        f"按时率{_share(in_time, owed)}。"
    ]
    lines += [f"{row.unit}：{_fault(row)}。" for row in rows if row.at_fault][:SHOWN]
    called = sum(facts.calls.values())
    if called:
        lines.append(f"叫应{called}次，接听{facts.calls.get(True, 0)}次。")
    return "\n".join(lines)


def _fault(row: Punctuality) -> str:
    parts = [f"迟报{row.late}项"] * bool(row.late) + [f"未报{row.missing}项"] * bool(row.missing)
    return f"{'、'.join(parts)}，最长超时{lasting(row.worst)}"


def _share(part: int, whole: int) -> str:
    return f"{Decimal(part * 100) / Decimal(whole):.1f}%"


def actions(facts: Facts) -> str:
    """What units were told to do, and did."""
    given = facts.actions
    if not given:
        return "没有下达单位行动。"
    taken = sum(one.acknowledged_at is not None for one in given)
    done = sum(one.done_at is not None for one in given)
    waiting = list(dict.fromkeys(str(one.unit or "指挥部") for one in given if not one.done_at))
    said = f"下达行动{len(given)}项，签收{taken}项，登记落实{done}项。"
    named = "、".join(waiting[:SHOWN]) + ("等" if len(waiting) > SHOWN else "")
    return said + (f"没有全部登记落实的单位{len(waiting)}个：{named}。" if waiting else "")


def people(facts: Facts) -> str:
    """Households moved, and whether they are home."""
    if not facts.moves:
        return "没有登记转移避险。"
    streets = Counter(move.household.street.name for move in facts.moves)
    home = sum(move.returned_at is not None for move in facts.moves)
    said = "、".join(f"{street}{n}户" for street, n in streets.items())
    total = sum(move.people for move in facts.moves)
    return f"转移{len(facts.moves)}户{total}人：{said}；已返回{home}户，未返回{len(facts.moves) - home}户。"


def losses(facts: Facts) -> str:
    """Figures of the last reports, then what was found afterwards."""
    found = totals(facts)
    lines = []
    if found:
        parts = [_figure(key, value) for key, value in found.items()]
        lines.append(f"按各单位最后一次报告汇总：{'、'.join(parts)}。没有列出的项目未报，不等于没有。")
    else:
        lines.append("报告中没有损失数字。")
    return "\n".join([*lines, *_entries(facts, Kind.LOSS)])


def _figure(key: str, value: Decimal) -> str:
    """受灾人口30人, 倒塌房屋2间, 直接经济损失1.5万元."""
    name, _, unit = FIGURES[key].rstrip("）").partition("（")
    return f"{name}{plain(value)}{unit or UNITS[key]}"


def recovery(facts: Facts) -> str:
    """Relief, and rebuilding with the state of its tasks."""
    relief, rebuilding = list(_entries(facts, Kind.RELIEF)), list(_rebuilding(facts))
    return "\n".join(
        [*(relief or ["没有登记救助。"]), *(rebuilding or ["没有登记恢复重建任务。"])],
    )


def _rebuilding(facts: Facts) -> Iterator[str]:
    for entry, line in zip(facts.of_kind(Kind.REBUILDING), _entries(facts, Kind.REBUILDING), strict=True):
        yield f"{line.rstrip('。')}（任务：{entry.task.get_state_display()}）。" if entry.task else line


def costs(facts: Facts) -> str:
    """Money by entry and in all; what left the stores."""
    entries = facts.of_kind(Kind.COST)
    known = [entry.amount for entry in entries if entry.amount is not None]
    lines = list(_entries(facts, Kind.COST)) or ["没有登记费用。"]
    if known:
        lines.append(f"合计{plain(sum(known, Decimal(0)))}元。")
    if facts.used:
        used = "、".join(
            f"{row['supply__name']}{plain(row['quantity'])}{row['supply__measure']}" for row in facts.used
        )
        lines.append(f"期间物资出库：{used}。")
    return "\n".join(lines)


def lessons(facts: Facts) -> str:
    """What people entered."""
    return "\n".join(_entries(facts, Kind.LESSON)) or "没有登记经验教训。"


def merits(facts: Facts) -> str:
    """Whom the record speaks for and against; praise and blame are decided by people."""
    rows = punctuality(facts.obligations, facts.at)
    good = [row.unit for row in rows if row.spotless]
    bad = [f"{row.unit}（{_fault(row)}）" for row in rows if row.at_fault]
    lines = [f"报告全部按时的单位：{'、'.join(good)}。"] if good else []
    lines += [f"有迟报、未报且未免责的单位：{'、'.join(bad)}。"] if bad else []
    praised = [f"表扬：{line}" for line in _entries(facts, Kind.COMMENDATION)]
    blamed = [f"追责：{line}" for line in _entries(facts, Kind.ACCOUNTABILITY)]
    return "\n".join([*lines, *praised, *blamed]) or "没有可据以表扬或追责的记录。"


def _entries(facts: Facts, kind: str) -> Iterator[str]:
    for entry in facts.of_kind(kind):
        unit = f"{entry.unit.name}：" if entry.unit else ""
        amount = f"，{plain(entry.amount)}元" if entry.amount is not None else ""
        basis = f"（依据：{entry.basis}）" if entry.basis else ""
        yield f"{unit}{entry.text.rstrip('。')}{amount}{basis}。"


SECTIONS: tuple[tuple[str, str, Callable[[Facts], str]], ...] = (
    ("summary", "总体情况", summary),
    ("process", "响应过程", process),
    ("weather", "雨情涝情", weather),
    ("incidents", "险情灾情", incidents),
    ("reporting", "报告情况", reporting),
    ("actions", "行动落实", actions),
    ("people", "转移安置", people),
    ("losses", "灾害损失", losses),
    ("recovery", "救助和恢复重建", recovery),
    ("costs", "费用和物资", costs),
    ("lessons", "经验教训", lessons),
    ("merits", "表扬和追责", merits),
)
