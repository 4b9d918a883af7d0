"""The machine-readable part of a waterlogging plan: matrix, sirens, deadlines, duties, groups, measures.

Known by its wording, wherever it stands in the document. What a plan leaves
out stays empty; a document without starting conditions is no such plan.
"""

import re
from collections.abc import Iterator, Sequence

from gazette.parser.dates import chinese_number, half_width_figures
from gazette.parser.patterns import SPACES, TERMINALS, labelled
from gazette.parser.records import Directive, FloodPlan, LevelCriterion, Section, SpecialGroup, UnitDuty

GAP = r"\s{0,4}"
COUNT = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3}|两|半)"
LEVELS = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "Ⅰ": 1,
    "Ⅱ": 2,
    "Ⅲ": 3,
    "Ⅳ": 4,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
}
LEVEL_HEAD = re.compile(
    rf"(?<![IVⅠⅡⅢⅣ])(IV|I{{1,3}}|[ⅠⅡⅢⅣ一二三四]){GAP}级?{GAP}(?:应急)?(?:响应|预警)?{GAP}的?启动条件{GAP}[：:]?"
)
CLAUSE_LENGTH = 600
RAIN = re.compile(
    rf"({COUNT}){GAP}小时{GAP}(?:内|累计|累积){{0,2}}降?[雨水]量?{GAP}(?:达到?|超过){{0,2}}{GAP}(\d{{1,4}}){GAP}毫米"
)
WINDOWS = {3: "rain_3h", 6: "rain_6h"}
DEPTH = re.compile(
    rf"积水深度{GAP}(?:达到?|超过|在){{0,2}}{GAP}(\d{{1,4}}){GAP}(?:厘米)?{GAP}"
    rf"(?P<above>[及或]?以上)?{GAP}[、，,至到\-—~～]?{GAP}(?:(?P<upper>\d{{1,4}}){GAP}厘米)?"
)
SIREN = re.compile(rf"防空警报{GAP}({COUNT}){GAP}[次遍]([^。\n]{{0,60}})")
SIREN_MINUTES = re.compile(rf"(\d{{1,2}}){GAP}(?:分钟|或|至|、|[-—~～])")
DURATION = re.compile(rf"({COUNT}){GAP}个?{GAP}(分钟|小时)")
SENTENCE = re.compile(r"[^。；;\n]+")
OFFICE_PHONE = re.compile(rf"(?:办公室|值班|联系)电话{GAP}[：:]?{GAP}(\d[\d-]{{5,12}}\d)")
DUTIES_HEADING = re.compile(r"(?:单位|部门)(?:工作)?职责")
DUTY = re.compile(r"([^：:。；;]{2,80})[：:]\s{0,8}(\S.*)")
GROUP_LABEL = re.compile(
    r"(副\s{0,4}组\s{0,4}长|组\s{0,4}长|组\s{0,4}员|成\s{0,4}员(?:单位)?|(?:主要|工作)?职责)\s{0,4}[：:]"
)
LEADER = re.compile(r"([^（(]{1,20})[（(]([^（）()]{1,80})[）)]?")
MEMBER_MARKS = re.compile(r"[、，,；;。]")
MEMBER_ENDING = re.compile(r"等(?:有关|相关)?(?:负责人|负责同志|部门|单位)?$")
LIGHT_RAIN, HEAVY_RAIN = ("小雨",), ("大雨", "强降雨", "暴雨")
ITEM = 3


def read_flood_plan(directive: Directive) -> FloodPlan | None:
    """What a finished document lays down as a waterlogging plan; None when it is another document."""
    parts = (directive.sections, *(annex.sections for annex in directive.annexes))
    sections = [section for part in parts for section in part]
    criteria = tuple(_criteria(sections))
    if not criteria:
        return None
    unnumbered = [p for annex in directive.annexes for p in annex.paragraphs]
    text = half_width_figures("\n".join([*(whole(section) for section in sections), *unnumbered]))
    soundings, minutes = _sirens(text)
    return FloodPlan(
        directive=directive.title,
        criteria=criteria,
        siren_soundings=soundings,
        siren_minutes=minutes,
        phone_minutes=_minutes_after(text, "电话报告"),
        media_minutes=_minutes_in(text, ("图文", "影像")),
        written_minutes=_minutes_after(text, "书面报告"),
        followup_minutes=_minutes_after(text, "续报间隔"),
        office_phone=found[1] if (found := OFFICE_PHONE.search(text)) else "",
        duties=tuple(duty for part in parts for duty in _duties(part)),
        groups=tuple(group for section in sections if (group := _group(section))),
        light_rain_measures=_measures(directive.sections, LIGHT_RAIN),
        heavy_rain_measures=_measures(directive.sections, HEAVY_RAIN),
    )


def whole(section: Section) -> str:
    """A section as one text: the heading is its first sentence."""
    heading = section.heading
    if not heading or not section.text:
        return heading + section.text
    return heading + ("" if heading[-1] in TERMINALS else "。") + section.text


# -- the matrix ----------------------------------------------------------------------------


def _criteria(sections: Sequence[Section]) -> Iterator[LevelCriterion]:
    """Each level and criterion once, as printed first."""
    seen: set[tuple[int, str]] = set()
    for section in sections:
        for level, clause in _clauses(half_width_figures(whole(section))):
            for criterion, lower, upper in _bounds(clause):
                if (level, criterion) not in seen:
                    seen.add((level, criterion))
                    yield LevelCriterion(level, criterion, lower, upper, section.line)


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    for head, clause in labelled(LEVEL_HEAD, text):
        yield LEVELS[head[1]], clause[:CLAUSE_LENGTH]


def _bounds(clause: str) -> Iterator[tuple[str, int, int | None]]:
    """Criterion, lower and upper bound; a depth that is neither 以上 nor a range is exact."""
    for found in RAIN.finditer(clause):
        if criterion := WINDOWS.get(_count(found[1])):
            yield criterion, int(found[2]), None
    if depth := DEPTH.search(clause):
        lower = int(depth[1])
        upper = int(depth["upper"]) if depth["upper"] else None
        yield "ponding", lower, upper if upper or depth["above"] else lower


def _count(text: str) -> int:
    return {"两": 2}.get(text) or chinese_number(text) or 0


# -- sirens and deadlines ------------------------------------------------------------------


def _sirens(text: str) -> tuple[int | None, tuple[int, ...]]:
    found = SIREN.search(text)
    if not found:
        return None, ()
    return _count(found[1]) or None, tuple(int(minutes) for minutes in SIREN_MINUTES.findall(found[2]))


def _minutes_after(text: str, words: str) -> int | None:
    """The first span of time behind the words, in the same sentence."""
    for sentence in SENTENCE.findall(text):
        place = sentence.find(words)
        if place >= 0 and (found := DURATION.search(sentence, place)):
            return _minutes(found)
    return None


def _minutes_in(text: str, words: tuple[str, ...]) -> int | None:
    """The first span of time in a sentence that has one of the words."""
    for sentence in SENTENCE.findall(text):
        if any(word in sentence for word in words) and (found := DURATION.search(sentence)):
            return _minutes(found)
    return None


def _minutes(found: re.Match[str]) -> int | None:
    unit = 60 if found[2] == "小时" else 1
    return unit // 2 if found[1] == "半" else _count(found[1]) * unit or None


# -- duties, groups, measures --------------------------------------------------------------


def _duties(sections: Sequence[Section]) -> Iterator[UnitDuty]:
    for place, section in enumerate(sections):
        if not DUTIES_HEADING.search(section.heading):
            continue
        for line, text in [
            (section.line, section.text),
            *((s.line, whole(s)) for s in _under(sections, place)),
        ]:
            for paragraph in text.split("\n"):
                if found := DUTY.fullmatch(paragraph.strip()):
                    yield UnitDuty(SPACES.sub("", found[1]), found[2], line)


def _under(sections: Sequence[Section], place: int) -> Iterator[Section]:
    """Sections below the one at a place."""
    for section in sections[place + 1 :]:
        if section.depth <= sections[place].depth:
            return
        yield section


def _group(section: Section) -> SpecialGroup | None:
    """A section named …组 that has a 组长."""
    if not section.heading.endswith("组"):
        return None
    fields: dict[str, str] = {}
    for label, words in labelled(GROUP_LABEL, section.text):
        fields.setdefault(_label_kind(label[1]), words.strip())
    if not fields.get("组长"):
        return None
    leader, post = _leader(fields["组长"])
    members = (
        MEMBER_ENDING.sub("", SPACES.sub("", name)) for name in MEMBER_MARKS.split(fields.get("组员", ""))
    )
    return SpecialGroup(
        number=section.number,
        name=SPACES.sub("", section.heading),
        leader=leader,
        leader_post=post,
        members=tuple(name for name in members if name),
        duty=fields.get("职责", ""),
        line=section.line,
    )


def _label_kind(label: str) -> str:
    bare = SPACES.sub("", label)
    if bare.endswith("职责"):
        return "职责"
    return bare if bare.endswith("长") else "组员"


def _leader(words: str) -> tuple[str, str]:
    """Name and post, the post in brackets or behind the name."""
    if found := LEADER.match(words):
        return SPACES.sub("", found[1]), SPACES.sub("", found[2])
    first, *rest = words.split()
    if len(first) == 1 and rest:
        first += rest.pop(0)
    return first, "".join(rest)


def _measures(sections: Sequence[Section], words: tuple[str, ...]) -> tuple[str, ...]:
    """What is done below the lowest level in a kind of rain: the items of its section, or its text."""
    for place, section in enumerate(sections):
        if "措施" in section.heading and any(word in section.heading for word in words):
            items = [as_printed(item) for item in _under(sections, place) if item.depth == ITEM]
            return tuple(items) or tuple(filter(None, [section.text]))
    return ()


def as_printed(item: Section) -> str:
    """An item with the full stop that its heading lost."""
    text = whole(item)
    return text if text[-1:] in TERMINALS else text + "。"
