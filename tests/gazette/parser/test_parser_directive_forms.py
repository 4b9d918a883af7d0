"""Policy documents as other issues and other cities print them; all places and people are invented."""

from datetime import date

import pytest

from gazette.parser import parse_gazette
from gazette.parser.records import Directive, Gazette, Section, Vocabulary

TITLE = "青河市人民政府关于做好2023年春耕工作的通知"
BODY = "为做好春耕工作，现就有关事宜通知如下：\n\n一、提高认识\n\n各乡镇要高度重视，抓好落实。\n"


def read(text: str) -> Gazette:
    """A gazette read without any known name."""
    return parse_gazette(text, Vocabulary())


def only(text: str) -> Directive:
    """The one document of a text."""
    (document,) = read(text).directives
    return document


def document(title: str = f"# {TITLE}", date_line: str = "2023年3月6日", body: str = BODY) -> str:
    """A short document."""
    return f"{title}\n\n各乡镇人民政府，市直各部门：\n\n{body}\n\n{date_line}\n"


@pytest.mark.parametrize("mark", ["# ", "## ", "#### ", "", "**"])
def test_a_title_is_known_by_its_wording_not_by_its_mark(mark: str) -> None:
    end = "**" if mark == "**" else ""
    read_document = only(document(f"{mark}{TITLE}{end}"))
    assert read_document.title == TITLE
    assert read_document.issuer == "青河市人民政府"


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("青河市人民政府办公室关于印发《青河市春耕实施方案》的通知", "青河市人民政府办公室"),
        ("青河市人民政府关于加强河道管理的意见", "青河市人民政府"),
        ("青河市人民政府关于公布烈士名录的公告", "青河市人民政府"),
        ("青河市人民政府关于封山育林的通告", "青河市人民政府"),
        ("青河市人民政府关于同意柳湾镇总体规划的批复", "青河市人民政府"),
        ("青河市人民政府关于表彰先进集体的决定", "青河市人民政府"),
        ("青河市人民政府办公室关于柳湾桥验收情况的报告", "青河市人民政府办公室"),
        ("青河市人民政府关于柳湾化工园区设立的审核意见", "青河市人民政府"),
        ("青河市人民政府关于申请专项资金的请示", "青河市人民政府"),
        ("青河市人民政府办公室关于协助办理有关事项的函", "青河市人民政府办公室"),
    ],
)
def test_a_kind_of_document(title: str, issuer: str) -> None:
    read_document = only(document(f"# {title}"))
    assert (read_document.title, read_document.issuer) == (title, issuer)


def test_a_title_broken_over_two_lines_is_joined() -> None:
    text = document("# 青河市人民政府办公室\n\n# 关于做好2023年春耕工作的通知")
    assert only(text).title == "青河市人民政府办公室关于做好2023年春耕工作的通知"


@pytest.mark.parametrize(
    "printed",
    ["青政发〔2023〕6号", "青政发[2023]6号", "青政发（2023）6号", "青政发(2023)6号", "青政发【2023】6号",
     "青政发〔2023〕 6 号", "青政发﹝2023﹞6号"],
)  # fmt: skip
def test_a_document_number_is_normalised(printed: str) -> None:
    text = document(f"# {TITLE}\n\n{printed}")
    assert only(text).number == "青政发〔2023〕6号"


@pytest.mark.parametrize("colon", "：:")
@pytest.mark.parametrize("comma", "，,")
def test_addressees_split_at_commas_only(colon: str, comma: str) -> None:
    text = document().replace("各乡镇人民政府，市直各部门：", f"各乡镇、街道{comma}市直各部门{colon}")
    assert only(text).addressees == ("各乡镇、街道", "市直各部门")


@pytest.mark.parametrize(
    "printed",
    ["2023年3月6日", "2023 年 3 月 6 日", "２０２３年３月６日", "二〇二三年三月六日", "二○二三年三月六日",
     "二零二三年三月六日", "**2023年3月6日**", "　　　　2023年3月6日"],
)  # fmt: skip
def test_a_form_of_date_of_issue(printed: str) -> None:
    assert only(document(date_line=printed)).issued_on == date(2023, 3, 6)


def test_a_signature_and_date_are_not_part_of_the_last_section() -> None:
    read_document = only(document(date_line="青河市人民政府\n\n2023年3月6日"))
    assert read_document.issued_on == date(2023, 3, 6)
    assert read_document.sections[-1].text == "各乡镇要高度重视，抓好落实。"


def test_a_date_in_the_text_is_not_the_date_of_issue() -> None:
    text = document(date_line="", body=BODY + "\n2023年4月1日前报送情况。\n")
    assert only(text).issued_on is None


@pytest.mark.parametrize("note", ["（此件公开发布）", "(此件公开发布)"])
def test_the_release_note(note: str) -> None:
    assert only(document(date_line=f"2023年3月6日\n\n{note}")).release_note == "此件公开发布"
    assert only(document()).release_note == ""


def test_sections_carry_depth_number_heading_and_text() -> None:
    body = (
        "一、总体要求\n\n坚持农业优先发展。\n\n坚持绿色发展。\n\n二、重点任务\n\n"
        "（一）加强领导。各乡镇要成立工作专班，抓好落实。\n\n(二)做好服务。\n\n"
        "1.备足种子。各部门要提前调运种子。\n\n2．检修农机\n\n（1）检修拖拉机。各站点要逐台检修。\n"
    )
    sections = only(document(body=body)).sections
    assert [(s.depth, s.number, s.heading) for s in sections] == [
        (1, "一", "总体要求"),
        (1, "二", "重点任务"),
        (2, "（一）", "加强领导"),
        (2, "（二）", sections[3].heading),
        (3, "1", "备足种子"),
        (3, "2", "检修农机"),
        (4, "（1）", "检修拖拉机"),
    ]
    assert sections[0].text == "坚持农业优先发展。\n坚持绿色发展。"
    assert sections[2].text == "各乡镇要成立工作专班，抓好落实。"
    assert "做好服务" in sections[3].heading + sections[3].text


def test_a_long_numbered_paragraph_has_no_heading() -> None:
    sentence = "各乡镇要在市农业部门的统一指导之下认真组织开展好本辖区范围之内的全部春耕备耕各项工作"
    (_, section) = only(document(body=f"一、任务\n\n（一）{sentence}，确保不误农时。\n")).sections
    assert (section.heading, section.text) == ("", sentence + "，确保不误农时。")


@pytest.mark.parametrize("gap", ["\n\n", "\n", "\n\n— 7 —\n\n", "\n\n第 7 页\n\n"])
def test_a_paragraph_cut_by_a_page_is_joined(gap: str) -> None:
    body = f"一、任务\n\n各乡镇要高度重视春耕{gap}工作，抓好落实。\n"
    assert only(document(body=body)).sections[0].text == "各乡镇要高度重视春耕工作，抓好落实。"


def test_a_plan_after_the_date_belongs_to_its_notice() -> None:
    text = (
        "# 青河市人民政府办公室关于印发《青河市春耕工作方案》的通知\n\n各乡镇：\n\n"
        "现将《青河市春耕工作方案》印发给你们，请认真落实。\n\n2023年3月6日\n\n"
        "青河市春耕工作方案\n\n为做好春耕工作，制定本方案。\n\n一、目标\n\n不误农时。\n"
    )
    plan = only(text)
    assert plan.plan_title == "青河市春耕工作方案"
    assert plan.plan_preamble == ("为做好春耕工作，制定本方案。",)
    assert plan.issued_on == date(2023, 3, 6)
    assert [s.heading for s in plan.sections] == ["目标"]
    assert not plan.citations


def test_two_documents_and_a_chronicle_stay_apart() -> None:
    text = (
        "# 2023年3月大事记\n\n3日 青河市召开会议。\n\n" + document() + "\n"
        + document("# 青河市人民政府关于封山育林的通告", "2023年3月9日")
    )  # fmt: skip
    gazette = read(text)
    assert len(gazette.events) == 1
    assert [d.issued_on for d in gazette.directives] == [date(2023, 3, 6), date(2023, 3, 9)]


@pytest.mark.parametrize("number", ["〔2021〕18号", "[2021]18号", "（2021）18号", "(2021)18号"])
def test_a_citation_carries_its_number(number: str) -> None:
    body = f"根据《农业法》《河道管理办法（试行）》（省政发{number}）和《农业法》，通知如下。\n"
    cited = {(c.title, c.number) for c in only(document(body=body)).citations}
    assert cited == {("农业法", ""), ("河道管理办法（试行）", "省政发〔2021〕18号")}


def roster_body(lines: str) -> str:
    """A section with a roster."""
    return f"一、组织机构\n\n成立青河市春耕工作领导小组，组成人员如下：\n\n{lines}\n"


def test_a_roster_inherits_roles_and_closes_up_spaced_names() -> None:
    lines = (
        "组 长：程远山 市委副书记、市长\n\n副组长：沈 望 舒 副市长\n\n顾长河 副市长\n\n"
        "成　员：陆　平 市农业局局长\n\n陆平 柳湾镇镇长\n"
    )
    (roster,) = only(document(body=roster_body(lines))).rosters
    assert [(m.role, m.name, m.post) for m in roster.members] == [
        ("组长", "程远山", "市委副书记、市长"),
        ("副组长", "沈望舒", "副市长"),
        ("副组长", "顾长河", "副市长"),
        ("成员", "陆平", "市农业局局长"),
        ("成员", "陆平", "柳湾镇镇长"),
    ]
    assert "领导小组" in roster.name


def test_the_office_of_a_leading_group_is_a_roster_of_its_own() -> None:
    lines = (
        "组长：程远山 市长\n\n成员：陆平 市农业局局长\n\n领导小组办公室设在市农业局。\n\n"
        "主任：陆平（兼）\n\n副主任：沈望舒 市农业局副局长\n\n成员：顾长河 市农业局科员\n"
    )
    first, office = only(document(body=roster_body(lines))).rosters
    assert (len(first.members), len(office.members)) == (2, 3)
    chief = office.members[0]
    assert (chief.role, chief.name, chief.concurrent) == ("主任", "陆平", True)
    assert office.name != first.name


def test_a_page_does_not_break_a_roster() -> None:
    lines = "组长：程远山 市长\n\n成员：陆平 市农业局局长\n\n— 9 —\n\n顾长河 市林业局局长\n"
    (roster,) = only(document(body=roster_body(lines))).rosters
    assert [m.name for m in roster.members] == ["程远山", "陆平", "顾长河"]


@pytest.mark.parametrize(
    ("printed", "first", "last"),
    [
        ("（2023年3月1日-2023年3月31日）", date(2023, 3, 1), date(2023, 3, 31)),
        ("（2023年3月1日至31日）", date(2023, 3, 1), date(2023, 3, 31)),
        ("(2023年3月1日至4月30日)", date(2023, 3, 1), date(2023, 4, 30)),
        ("（2023年3月15日前）", None, date(2023, 3, 15)),
        ("（2023 年 3 月 1 日—2024 年 2 月 29 日）", date(2023, 3, 1), date(2024, 2, 29)),
    ],
)
def test_a_stage_has_its_dates(printed: str, first: date | None, last: date | None) -> None:
    body = f"一、实施步骤\n\n（一）部署阶段{printed}。各乡镇制定方案，开展动员。\n"
    (stage,) = only(document(body=body)).stages
    assert (stage.starts_on, stage.ends_on) == (first, last)
    assert "部署阶段" in stage.name


def test_annexes_are_printed_or_only_named() -> None:
    text = (
        document()
        + "\n附件：1.青河市春耕物资清单\n\n2.青河市农机站名录\n\n"
        + "附件 1\n\n青河市春耕物资清单\n\n种子三十吨。\n"
    )
    annexes = only(text).annexes
    assert [(a.title, a.printed) for a in annexes] == [
        ("青河市春耕物资清单", True),
        ("青河市农机站名录", False),
    ]
    assert "种子三十吨。" in "".join(annexes[0].paragraphs)


def numbers(sections: tuple[Section, ...]) -> list[str]:
    """The numbers of sections in order."""
    return [section.number for section in sections]


def test_sections_of_an_annex_are_not_sections_of_the_body() -> None:
    text = (
        document()
        + "\n附件：青河市信息报告制度\n\n附件\n\n青河市信息报告制度\n\n一、每日报告\n\n二、及时续报\n"
    )
    read_document = only(text)
    assert numbers(read_document.sections) == ["一"]
    assert numbers(read_document.annexes[0].sections) == ["一", "二"]
