"""The seven documents of the real gazette: read by eye."""

from collections import Counter
from datetime import date

import pytest

from gazette.parser.records import Directive, Gazette, Roster

CITY, OFFICE = "扎兰屯市人民政府", "扎兰屯市人民政府办公室"
CHEMICAL, HEATING, MANAGEMENT, ZONE, PENDING, STALLED, FLOOD = range(7)

HEADS = (
    (CITY, None, ("呼伦贝尔市工业和信息化局",), ""),
    (OFFICE, date(2022, 8, 29), ("各乡镇、街道", "市直有关部门", "各供热单位"), "此件公开发布"),
    (OFFICE, date(2022, 8, 3), ("各乡镇、街道", "市政府各部门", "各有关单位"), ""),
    (
        OFFICE,
        date(2022, 8, 1),
        ("市直各有关部门", "驻扎有关单位", "呼伦贝尔岭东农畜林产品开发区"),
        "",
    ),
    (OFFICE, date(2022, 8, 1), ("各乡镇人民政府", "市直各有关部门", "驻扎有关单位"), ""),
    (OFFICE, date(2022, 8, 1), ("各乡镇人民政府", "市直各有关部门", "驻扎有关单位"), ""),
    (OFFICE, date(2022, 7, 4), ("各街道办事处", "市政府有关部门、各有关单位"), ""),
)
# Sections by depth: 一、 （一） 1.
SECTIONS: tuple[dict[int, int], ...] = (
    {},
    {1: 3, 2: 7},
    {1: 6, 2: 13, 3: 21},
    {1: 6, 2: 7},
    {1: 6, 2: 11, 3: 7},
    {1: 7, 2: 12, 3: 5},
    {1: 6, 2: 21, 3: 31},
)
CITATIONS: tuple[set[tuple[str, str]], ...] = (
    {
        ("内蒙古自治区化工园区评估认定管理办法（试行）", ""),
        ("关于开展第二批化工园区评估认定工作的通知", "内工信发〔2022〕130号"),
    },
    set(),
    {
        ("呼伦贝尔市中心城区一体化发展暨全市城市精细化管理推进会", ""),
        ("中华人民共和国城乡规划法", ""),
        ("呼伦贝尔市城市规划管理技术规定", ""),
        ("扎兰屯市城市精细化管理攻坚年行动方案", ""),
        ("2022年全市建筑工程质量提升行动计划", ""),
        ("建筑施工质量安全标准化实施标准", ""),
        ("物业管理条例", ""),
        ("扎兰屯市城镇燃气安全排查整治工作实施方案", ""),
    },
    set(),
    set(),
    set(),
    {("中华人民共和国防洪法", ""), ("扎兰屯市突发公共事件总体应急预案", "")},
)
STAGES = {
    MANAGEMENT: [
        (date(2022, 7, 22), date(2022, 8, 1)),
        (date(2022, 8, 1), date(2022, 9, 30)),
        (date(2022, 10, 1), date(2022, 10, 31)),
    ],
    STALLED: [
        (None, date(2022, 8, 15)),
        (date(2022, 8, 16), date(2022, 8, 31)),
        (date(2022, 9, 1), date(2022, 10, 31)),
        (date(2022, 11, 1), date(2023, 12, 31)),
    ],
}


@pytest.mark.parametrize("place", range(7))
def test_the_head_of_a_document(seed: Gazette, place: int) -> None:
    document = seed.directives[place]
    head = (document.issuer, document.issued_on, document.addressees, document.release_note)
    assert head == HEADS[place]
    assert document.is_public
    assert document.number == ""


def test_titles_are_joined_without_page_gaps(seed: Gazette) -> None:
    assert len(seed.directives) == 7
    assert seed.directives[HEATING].title.endswith("采暖期城镇供热工作的通知")
    assert seed.directives[FLOOD].plan_title.replace(" ", "") == "扎兰屯市2022年防内涝工作方案"


@pytest.mark.parametrize("place", range(7))
def test_sections_by_depth(seed: Gazette, place: int) -> None:
    assert dict(Counter(section.depth for section in seed.directives[place].sections)) == SECTIONS[place]


def test_numbers_of_sections_carry_full_width_brackets(seed: Gazette) -> None:
    for document in seed.directives:
        for section in document.sections:
            assert not section.number.endswith(("、", ".", "．"))
            if section.depth in (2, 4):
                assert section.number.startswith("（") and section.number.endswith("）")


def test_the_opening_sentence_of_a_paragraph_is_its_heading(seed: Gazette) -> None:
    section = next(s for s in seed.directives[HEATING].sections if s.heading == "加强组织领导")
    assert (section.depth, section.number) == (2, "（一）")
    assert section.text.startswith("住建部门要")


@pytest.mark.parametrize("place", range(7))
def test_citations(seed: Gazette, place: int) -> None:
    cited = [(c.title, c.number) for c in seed.directives[place].citations]
    assert len(cited) == len(set(cited))
    assert set(cited) == CITATIONS[place]


@pytest.mark.parametrize("place", sorted(STAGES))
def test_stages(seed: Gazette, place: int) -> None:
    assert [(s.starts_on, s.ends_on) for s in seed.directives[place].stages] == STAGES[place]


def rosters_of(document: Directive) -> list[int]:
    """How many people each roster names."""
    return [len(roster.members) for roster in document.rosters]


def test_rosters(seed: Gazette) -> None:
    counts = {n: rosters_of(d) for n, d in enumerate(seed.directives) if d.rosters}
    assert counts == {ZONE: [23], PENDING: [28], STALLED: [28, 6], FLOOD: [42]}


def roster(seed: Gazette, document: int, place: int = 0) -> Roster:
    """A roster of a document."""
    return seed.directives[document].rosters[place]


@pytest.mark.parametrize(
    ("document", "place", "roles"),
    [
        (ZONE, 0, {"组长": 2, "成员": 21}),
        (PENDING, 0, {"组长": 1, "成员": 27}),
        (STALLED, 0, {"组长": 1, "副组长": 7, "成员": 20}),
        (STALLED, 1, {"主任": 1, "副主任": 2, "成员": 3}),
        (FLOOD, 0, {"总指挥": 1, "副总指挥": 1, "成员": 40}),
    ],
)
def test_a_line_without_a_role_inherits_it(
    seed: Gazette, document: int, place: int, roles: dict[str, int]
) -> None:
    assert Counter(m.role for m in roster(seed, document, place).members) == roles


def test_names_of_rosters_carry_no_spaces_or_brackets(seed: Gazette) -> None:
    for document in seed.directives:
        for listed in document.rosters:
            for member in listed.members:
                assert 2 <= len(member.name) <= 3
                assert all("\u4e00" <= char <= "\u9fff" for char in member.name)


def test_two_people_of_one_name_stay_apart(seed: Gazette) -> None:
    posts = [m.post for m in roster(seed, PENDING).members if m.name == "李伟"]
    assert posts == ["市政府办公室副主任", "市工信局局长"]


def test_concurrent_posts_are_marked(seed: Gazette) -> None:
    assert [m.name for m in roster(seed, STALLED, 1).members if m.concurrent] == ["曲作文"]


def test_a_running_head_inside_a_roster_is_furniture(seed: Gazette) -> None:
    assert sum("人民政府公报" in item.text for item in seed.furniture) >= 2
    assert "人民政府公报" not in "".join(m.post for m in roster(seed, STALLED).members)


def test_annexes_printed_and_only_named(seed: Gazette) -> None:
    printed = [sum(annex.printed for annex in d.annexes) for d in seed.directives]
    assert printed == [0, 0, 1, 0, 0, 0, 2]
    (scoring,) = seed.directives[CHEMICAL].annexes
    assert scoring.title.endswith("评估认定评分表") and not scoring.printed
    named = [a.title for a in seed.directives[FLOOD].annexes if not a.printed]
    assert any("各街道物资储备清单" in title for title in named)


def test_the_duplicated_character_across_a_page_is_reported(seed: Gazette) -> None:
    assert [w for w in seed.warnings if w.line in (139, 140, 141)]


def test_the_plan_of_the_command_post(seed: Gazette) -> None:
    (plan,) = seed.flood_plans
    lower = {(c.level, c.criterion): c.lower for c in plan.criteria}
    assert lower == {
        (1, "rain_3h"): 100,
        (1, "ponding"): 50,
        (2, "rain_3h"): 50,
        (2, "ponding"): 30,
        (3, "rain_6h"): 50,
        (3, "ponding"): 20,
        (4, "rain_6h"): 20,
        (4, "ponding"): 20,
    }
    assert {c.level: c.upper for c in plan.criteria if c.criterion == "ponding" and c.level < 4} == {
        1: None,
        2: 50,
        3: 30,
    }
    assert (plan.siren_soundings, plan.siren_minutes, plan.office_phone) == (3, (1, 2), "3218028")
    deadlines = (plan.phone_minutes, plan.media_minutes, plan.written_minutes, plan.followup_minutes)
    assert deadlines == (20, 60, 120, 120)
    assert (len(plan.duties), len(plan.light_rain_measures), len(plan.heavy_rain_measures)) == (23, 1, 7)


def test_the_special_groups(seed: Gazette) -> None:
    (plan,) = seed.flood_plans
    groups = [(g.name, g.leader, g.leader_post) for g in plan.groups]
    assert groups == [
        ("物资（后勤）保障组", "曲作文", "市发改委主任"),
        ("应急救援组", "李希春", "市应急管理局局长"),
        ("交通保障组", "佟荣伟", "市交通运输局局长"),
        ("信息宣传组", "曹德泉", "市住建局副局长"),
        ("电力通讯组", "李伟", "市工信局局长"),
        ("救灾救助组", "韩霖", "市民政局局长"),
    ]
    assert all(group.duty and group.members for group in plan.groups)
    assert plan.groups[2].members == ("公安局", "各街道办事处")
