"""How a document is laid out for reading."""

import pytest

from directives.models import Annex, Citation, Roster, RosterMember, Section, Stage
from directives.reading import Parts, Reading, lay_out


def section(pk: int, depth: int, number: str, heading: str = "", text: str = "", **more) -> Section:
    return Section(
        pk=pk, depth=depth, number=number, heading=heading, text=text, anchor=f"s{pk}", order=pk, **more
    )


def laid(
    sections=(), *, annexes=(), members=(), stages=(), citations=(), levels=False, preamble=""
) -> Reading:
    parts = Parts(list(sections), list(annexes), list(members), list(stages), list(citations))
    return lay_out(parts, preamble, "", with_levels=levels)


def test_the_contents_nest_the_second_depth_under_the_first() -> None:
    reading = laid(
        [
            section(1, 1, "一", "总则"),
            section(2, 2, "（一）", "目标。"),
            section(3, 3, "1", "细目"),
            section(4, 1, "二", "任务"),
        ]
    )
    assert [(line.label, [child.label for child in line.children]) for line in reading.contents] == [
        ("一、总则", ["（一）目标"]),
        ("二、任务", []),
    ]


def test_a_paragraph_without_heading_stays_out_of_the_contents() -> None:
    reading = laid([section(1, 1, "一", "总则"), section(2, 2, "（一）", "", "只有正文。")])
    assert [line.children for line in reading.contents] == [[]]


def test_printed_annexes_close_the_contents_and_missing_ones_are_named_apart() -> None:
    printed = Annex(pk=1, order=1, label="附件1", title="名单", printed=True)
    missing = Annex(pk=2, order=2, label="附件2", title="评分表", printed=False)
    reading = laid([section(1, 1, "一", "人员", annex_id=1)], annexes=[printed, missing])
    assert [line.label for line in reading.contents] == ["附件1 名单"]
    assert reading.contents[0].anchor == "annex-1"
    assert [child.label for child in reading.contents[0].children] == ["一、人员"]
    assert reading.missing_annexes == (missing,)
    assert reading.blocks == ()


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("I 级响应启动条件：下大雨", 1),
        ("II级响应启动条件：下雨", 2),
        ("Ⅲ级响应启动条件：下雨", 3),
        ("IV响应启动条件：小雨", 4),
        ("四级响应启动条件：小雨", 4),
        ("启动三级及以上响应时鸣笛", None),
        ("各级别响应启动条件如下", None),
    ],
)
def test_conditions_of_levels_are_found_in_documents_with_a_flood_plan(line: str, level: int | None) -> None:
    one = section(1, 2, "（一）", "级别", line)
    (paragraph,) = laid([one], levels=True).blocks[0].paragraphs
    assert paragraph.level == level
    (plain,) = laid([one]).blocks[0].paragraphs
    assert plain.level is None


def test_cited_titles_are_pieces_of_their_own_the_longest_first() -> None:
    short, long = Citation(pk=1, title="河道办法"), Citation(pk=2, title="河道办法（试行）")
    (paragraph,) = laid(
        preamble="按《河道办法（试行）》和《河道办法》执行。", citations=[short, long]
    ).preamble
    assert [(piece.text, piece.citation) for piece in paragraph.pieces] == [
        ("按", None),
        ("《河道办法（试行）》", long),
        ("和", None),
        ("《河道办法》", short),
        ("执行。", None),
    ]


def test_no_character_of_a_text_is_lost() -> None:
    text = "第一段《甲》。\n\n  第二段《乙》和《甲》！\n尾"
    reading = laid(preamble=text, citations=[Citation(pk=1, title="甲")])
    shown = "".join(piece.text for paragraph in reading.preamble for piece in paragraph.pieces)
    assert shown == "".join(line for line in text.splitlines() if line.strip())


def test_a_roster_boxes_its_heads_and_numbers_the_others_in_two_columns() -> None:
    roster = Roster(pk=1, name="专班", order=1)
    roles = ["组长", "副组长", *["成员"] * 7]
    members = [
        RosterMember(pk=n, roster=roster, role=role, printed_name=f"某{n}", order=n)
        for n, role in enumerate(roles)
    ]
    (shown,) = laid(members=members).rosters
    assert [member.role for member in shown.heads] == ["组长", "副组长"]
    assert [[place for place, _ in column] for column in shown.columns] == [[1, 2, 3, 4], [5, 6, 7]]
    assert shown.ordinary == 7


def test_stages_and_rosters_stand_with_their_section() -> None:
    roster = Roster(pk=1, name="专班", order=1, section_id=2)
    member = RosterMember(pk=1, roster=roster, role="成员", printed_name="某甲", order=1)
    stage = Stage(pk=1, name="动员", order=1, section_id=1)
    reading = laid(
        [section(1, 1, "一", "步骤"), section(2, 1, "二", "组织")], members=[member], stages=[stage]
    )
    assert [(len(block.stages), len(block.rosters)) for block in reading.blocks] == [(1, 0), (0, 1)]
    assert reading.rosters == ()


def test_a_document_of_headings_only_has_no_text() -> None:
    assert not laid([section(1, 1, "一", "总则")]).has_text
    assert laid([section(1, 1, "一", "总则", "正文。")]).has_text


def member_of(pk: int, section_id: int | None = None, annex_id: int | None = None) -> RosterMember:
    roster = Roster(pk=pk, name="专班", order=pk, section_id=section_id, annex_id=annex_id)
    return RosterMember(pk=pk, roster=roster, role="成员", printed_name=f"某{pk}", order=1)


def places(paragraphs) -> list[list[int]]:
    return [[laid.roster.pk for laid in paragraph.rosters] for paragraph in paragraphs]


@pytest.mark.parametrize(
    "announcing",
    [
        "成立领导小组，具体组成人员如下：",
        "专班组成人员：",
        "成员名单如下:",
        "设立专班，名单见下： ",
        "专班如下：",
    ],
)
def test_a_roster_stands_behind_the_paragraph_that_announces_it(announcing: str) -> None:
    one = section(1, 1, "三", "机构", f"先说一句。\n{announcing}\n办公室设在水利局。")
    (block,) = laid([one], members=[member_of(1, section_id=1)]).blocks
    assert places(block.paragraphs) == [[], [1], []] and block.rosters == ()


@pytest.mark.parametrize("text", ["成员各负其责。\n末段。", "组成人员如下。", "成员单位：水利局。"])
def test_a_roster_that_nothing_announces_ends_its_section(text: str) -> None:
    (block,) = laid([section(1, 1, "三", "机构", text)], members=[member_of(1, section_id=1)]).blocks
    assert [laid.roster.pk for laid in block.rosters] == [1]
    assert not any(places(block.paragraphs))


def test_several_rosters_stand_behind_their_announcements_in_order_and_the_rest_at_the_end() -> None:
    one = section(1, 1, "三", "机构", "要求如下：\n领导小组成员：\n又一段。\n办公室人员：")
    (block,) = laid([one], members=[member_of(n, section_id=1) for n in (1, 2, 3)]).blocks
    assert places(block.paragraphs) == [[], [1], [], [2]]
    assert [roster.roster.pk for roster in block.rosters] == [3]


def test_rosters_outside_sections_stand_behind_their_announcement_too() -> None:
    annex = Annex(pk=5, order=1, title="名单", text="组成人员：\n末段。", printed=True)
    reading = laid(
        preamble="现将事项通知如下：\n专班成员如下：\n请照办。",
        annexes=[annex],
        members=[member_of(1), member_of(2, annex_id=5)],
    )
    assert places(reading.preamble) == [[], [1], []] and reading.rosters == ()
    assert places(reading.annexes[0].paragraphs) == [[2], []] and reading.annexes[0].rosters == ()


def test_an_opening_that_announces_the_articles_takes_no_roster() -> None:
    reading = laid([section(1, 1, "一", "总则")], preamble="现通知如下：", members=[member_of(1)])
    assert places(reading.preamble) == [[]] and len(reading.rosters) == 1


def test_under_a_heading_that_announces_it_the_roster_stands_before_the_text() -> None:
    one = section(1, 1, "一", "指挥部组成人员", "办公室设在水利局。")
    (block,) = laid([one], members=[member_of(1, section_id=1), member_of(2, section_id=1)]).blocks
    assert [roster.roster.pk for roster in block.opening] == [1]
    assert [roster.roster.pk for roster in block.rosters] == [2]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("组 长：林冬（水利局局长）\n组 员：财政局。", "物资保障组"),
        ("责任人：林冬", "物资保障组"),
        ("副 组 长：林冬", "物资保障组"),
        ("常务副组长：林冬", "物资保障组"),
        ("总指挥：林冬", "物资保障组"),
        ("牵头单位：水利局", "物资保障组"),
        ("成员：林冬", "物资保障组"),
        ("组织领导：由水利局负责。", "物资保障组。"),
        ("", "物资保障组"),
        ("负责调运物资。", "物资保障组。"),
        ("主要职责：调运物资。", "物资保障组。"),
    ],
)
def test_a_heading_on_its_own_line_gets_no_full_stop(text: str, heading: str) -> None:
    (block,) = laid([section(1, 2, "一", "物资保障组", text)]).blocks
    assert block.heading == heading
    assert block.stands_alone == (not heading.endswith("。"))
