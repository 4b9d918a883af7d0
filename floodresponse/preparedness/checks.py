"""The lines of the readiness panel: green, amber or red, in words, with a link to mend it. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from floodresponse.command.slab import HEARTBEAT_LIMIT
from floodresponse.matrix import Badge
from floodresponse.models import DutyShift
from floodresponse.preparedness.facts import Facts, keeps_the_office
from floodresponse.roster.days import IN_TIME_FOR, begins
from floodresponse.services.announcing import ABOVE
from organizations.models import Department

GREEN, AMBER, RED = "green", "yellow", "red"
WORDS = {GREEN: "就绪", AMBER: "注意", RED: "缺"}
SHOWN = 8
# Who mends what the reader of the panel cannot.
KEEPERS = "由责任单位的经办人登记，负责人签字、销号。"
ACCOUNTS, CHANNELS = "账号请系统管理员设立。", "渠道由本人在“提醒方式”登记。"


@dataclass(frozen=True, slots=True)
class Check:
    """One line; ``items`` name what is missing, ``way`` and ``url`` lead to where it is mended, if any."""

    key: str
    title: str
    colour: str
    sentence: str
    way: str
    url: str
    items: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The colour in a word."""
        return WORDS[self.colour]

    @property
    def shown(self) -> tuple[str, ...]:
        """The first of the items."""
        return self.items[:SHOWN]

    @property
    def more(self) -> int:
        """How many items are not shown."""
        return max(len(self.items) - SHOWN, 0)


def checks_of(facts: Facts) -> list[Check]:
    """All lines in the order in which they are worked off."""
    return [check(facts) for check in CHECKS]


def _roster_of(facts: Facts, day: date, word: str, url: str, key: str) -> Check:
    held = {(shift.unit_id, shift.role) for shift in facts.shifts if shift.day == day}
    missing = [
        f"{unit.name}（{'、'.join(roles)}）"
        for unit in facts.units
        if (roles := [str(role.label) for role in DutyShift.Role if (unit.pk, role.value) not in held])
    ]
    title = f"{word}值班"
    if not facts.units:
        return Check(key, title, AMBER, "还没有需要值班的单位，方案尚未入库。", "值班表", url)
    if not missing:
        return Check(key, title, GREEN, f"{len(facts.units)} 个单位带班、值班都有人。", "值班表", url)
    urgent = facts.watch or facts.responding
    colour = RED if urgent and key == "roster_today" else AMBER
    season = "" if urgent else "（汛期值守未开启）"
    return Check(key, title, colour, f"{len(missing)} 个单位空缺{season}。", "去补空缺", url, tuple(missing))


def roster_today(facts: Facts) -> Check:
    """Who is missing now."""
    return _roster_of(facts, facts.today, "今天", "/flood/roster/?gaps=1", "roster_today")


def roster_tomorrow(facts: Facts) -> Check:
    """Who will be missing."""
    day = facts.today + timedelta(days=1)
    return _roster_of(facts, day, "明天", f"/flood/roster/?day={day}&gaps=1", "roster_tomorrow")


def signed_in(facts: Facts) -> Check:
    """Who is entered for today and has neither signed in nor left a number."""
    today = [shift for shift in facts.shifts if shift.day == facts.today]
    names = {unit.pk: unit.name for unit in facts.units}
    absent = [s for s in today if s.signed_in_at is None]
    mute = [s for s in today if not s.phone]
    named = tuple(f"{names.get(s.unit_id, '')} {s.name}（{s.get_role_display()}）" for s in absent)
    on_time = facts.at <= begins(facts.today, timezone.get_current_timezone()) + IN_TIME_FOR
    url = f"/flood/roster/?state={'waiting' if on_time else 'late'}"
    if not today:
        return Check("signed_in", "签到", AMBER, "今天没有人登记值班。", "值班表", "/flood/roster/")
    if mute:
        sentence = f"{len(absent)} 人未签到，{len(mute)} 人没有电话。"
        return Check("signed_in", "签到", AMBER, sentence, "值班表", "/flood/roster/", named)
    if absent:
        late = int(IN_TIME_FOR.total_seconds() // 60)
        sentence = f"{len(absent)} 人未签到（交接后 {late} 分钟起算迟签到）。"
        return Check("signed_in", "签到", AMBER, sentence, "去看未签到", url, named)
    return Check("signed_in", "签到", GREEN, f"{len(today)} 人都已签到，都有电话。", "值班表", url)


def reachable(facts: Facts) -> Check:
    """Units that nobody acts for, and people whom only the inbox reaches."""
    manned = {role.department_id for role in facts.roles}
    silent_units = [unit.name for unit in facts.units if unit.pk not in manned]
    # Those above are no members, but every change of level is reported to them.
    names = {role.department.name for role in facts.roles if role.department}
    silent_units += [f"{name}（级别变动须报）" for name in ABOVE if name not in names]
    users = {role.user_id: role for role in facts.roles}
    unreached = [role for role in users.values() if not role.reachable]
    heads = [role for role in facts.roles if keeps_the_office(role)]
    items = tuple([f"{name}：没有账号" for name in silent_units] + [f"{role.user}" for role in unreached])
    if not heads:
        sentence = f"防涝办和指挥长都没有账号，逾期提醒无人收到。{ACCOUNTS}"
        return Check("reachable", "联系渠道", RED, sentence, "", "", items)
    if all(not role.reachable for role in heads):
        sentence = f"防涝办和指挥长都只有站内消息，夜间收不到。{CHANNELS}"
        return Check("reachable", "联系渠道", RED, sentence, "登记本人渠道", "/inbox/settings/", items)
    if items:
        told = ACCOUNTS * bool(silent_units) + CHANNELS * bool(unreached)
        sentence = f"{len(silent_units)} 个单位没有账号，{len(unreached)} 人只有站内消息。{told}"
        return Check("reachable", "联系渠道", AMBER, sentence, "登记本人渠道", "/inbox/settings/", items)
    sentence = "每个单位都有人，人人有站内以外的渠道。"
    return Check("reachable", "联系渠道", GREEN, sentence, "本人渠道", "/inbox/settings/")


def gauges(facts: Facts) -> Check:
    """Counted gauges that say nothing: missing data is not safety."""
    limit = facts.silence_limit
    silent = [s for s in facts.stations if s.last_at is None or facts.at - s.last_at > limit]
    words = f"{int(limit.total_seconds() // 60)} 分钟" if limit < timedelta(hours=2) else "24 小时"
    url = "/flood/stations/"
    if not facts.stations:
        return Check("gauges", "雨量站", RED, "没有计入研判的城区雨量站。", "登记测站", url)
    if not silent:
        return Check(
            "gauges", "雨量站", GREEN, f"{len(facts.stations)} 个站都在 {words}内有报。", "测站", url
        )
    colour = RED if len(silent) == len(facts.stations) or facts.responding else AMBER
    sentence = f"{len(silent)} 个站超过 {words}没有来报。"
    return Check("gauges", "雨量站", colour, sentence, "去看测站", url, tuple(s.name for s in silent))


def clockwork(facts: Facts) -> Check:
    """Whether the automatic assessment and the sweep of reminders live; pages show what is overdue anyway."""
    beat, title = facts.heartbeat, "自动研判与提醒"

    def stopped(what: str) -> Check:
        sentence = f"{what}提醒可能发不出去：请通知系统管理员重启后台进程，逾期的电话叫应。"
        return Check("clockwork", title, RED, sentence, "看逾期未报", "/flood/obligations/?state=overdue")

    if beat is None:
        return stopped("自动研判还没有运行过。")
    # A clock that was set back makes the last sign of life lie ahead: it says nothing either.
    age = abs(facts.at - beat.seen_at)
    if age > HEARTBEAT_LIMIT:
        return stopped(f"自动研判已停 {int(age.total_seconds() // 60)} 分钟。")
    if beat.error:
        return stopped(f"最近一次自动研判没有成功（{beat.error}）。")
    if beat.waiting:
        return stopped("有提醒到时未发出超过 1 分钟。")
    sentence = f"{int(age.total_seconds())} 秒前研判过，没有积压的提醒。"
    return Check("clockwork", title, GREEN, sentence, "防内涝", "/flood/")


def supplies(facts: Facts) -> Check:
    """What a unit should hold at the level and does not."""
    most: dict[tuple[int, str], object] = {}
    for row in sorted(facts.minimums, key=lambda row: row.quantity):
        most[row.unit_id, row.name] = row
    short = [row for row in most.values() if row.held < row.quantity]  # type: ignore[attr-defined]
    level = f"{Badge(facts.level).numeral} 级"
    if not most:
        sentence = f"没有登记 {level}的最低储备，无从核对（原文未附）。"
        return Check("supplies", "物资", AMBER, sentence, "登记最低储备", "/flood/resources/minimums/")
    if not short:
        sentence = f"{len(most)} 种储备都达到 {level}的最低数量。"
        return Check("supplies", "物资", GREEN, sentence, "物资", "/flood/supplies/")
    items = tuple(
        f"{row.unit.name} {row.name}：有 {row.held.normalize():f}，应 {row.quantity.normalize():f}"  # type: ignore[attr-defined]
        for row in short
    )
    sentence = f"{len(short)} 种低于 {level}的最低数量。"
    return Check("supplies", "物资", RED, sentence, "去看不足的", "/flood/supplies/?short=1", items)


def hazards(facts: Facts) -> Check:
    """Hazards that are found and not put right."""
    if not facts.hazards:
        sentence = "没有隐患台账。随方案导入或由督查建立。"
        return Check("hazards", "隐患", AMBER, sentence, "台账", "/tasks/ledgers/")
    still = sum(ledger.open_rows for ledger in facts.hazards)
    done = sum(ledger.closed_rows for ledger in facts.hazards)
    url = facts.hazards[0].get_absolute_url()
    if not still and not done:
        sentence = f"隐患台账是空的：排查情况没有登记。{KEEPERS}"
        return Check("hazards", "隐患", AMBER, sentence, "去登记", url)
    if not still:
        return Check("hazards", "隐患", GREEN, f"{done} 处隐患全部销号。", "台账", url)
    items = tuple(f"{ledger.title}：{ledger.open_rows} 处" for ledger in facts.hazards if ledger.open_rows)
    return Check("hazards", "隐患", RED, f"{still} 处隐患没有销号。{KEEPERS}", "去销号", url, items)


def drills(facts: Facts) -> Check:
    """At least one a year."""
    url = "/flood/resources/drills/"
    if facts.drills:
        return Check("drills", "演练", GREEN, f"今年已演练 {facts.drills} 次。", "演练", url)
    return Check("drills", "演练", RED, "今年还没有演练。", "登记演练", url)


def plan(facts: Facts) -> Check:
    """Whether a plan holds for this year, by its own year or by a recorded confirmation."""
    if facts.plan is None:
        return Check("plan", "方案", RED, "没有启用的防内涝方案。", "方案", "/flood/plan/")
    year = timezone.localtime(facts.at).year
    if facts.plan.year == year:
        return Check("plan", "方案", GREEN, f"{year} 年方案已启用。", "方案", "/flood/plan/")
    if facts.plan.basis:
        sentence = f"{facts.plan.year} 年方案，{year} 年沿用：{facts.plan.basis}。"
        return Check("plan", "方案", GREEN, sentence, "方案", "/flood/plan/")
    sentence = f"{facts.plan.year} 年的方案，{year} 年没有确认沿用。"
    return Check("plan", "方案", RED, sentence, "去确认沿用", "#confirm")


def experts(facts: Facts) -> Check:
    """An expert for each street."""
    streets = [unit for unit in facts.units if unit.kind == Department.Kind.STREET]
    without = [unit.name for unit in streets if not unit.has_expert]
    url = "/flood/resources/experts/"
    if not without:
        return Check("experts", "专家", GREEN, "每个街道都有专家。", "专家", url)
    sentence = f"{len(without)} 个街道没有分派专家（原文未附名单）。"
    return Check("experts", "专家", AMBER, sentence, "去分派", url, tuple(without))


CHECKS: Sequence[Callable[[Facts], Check]] = (
    roster_today,
    roster_tomorrow,
    signed_in,
    reachable,
    gauges,
    clockwork,
    supplies,
    hazards,
    drills,
    plan,
    experts,
)
