"""What stands between records, and documents of rarer forms; all places and people are invented."""

from datetime import date

import pytest

from gazette.parser import parse_gazette
from gazette.parser.records import Directive, Gazette, Vocabulary

CHRONICLE = "# 2023年8月大事记\n\n5日 青河市召开春耕调度会。\n\n"
TITLE = "青河市人民政府关于2023年封山育林的通告"
NOTICE = f"{TITLE}\n\n各乡镇：\n\n请认真落实。\n\n2023年3月9日\n"


def read(text: str, **people: str) -> Gazette:
    """A gazette read with only the given people known."""
    return parse_gazette(text, Vocabulary(people=people))


def only(text: str) -> Directive:
    """The one document of a text."""
    (document,) = read(text).directives
    return document


# -- between records ------------------------------------------------------------------------


def test_a_heading_of_the_chronicle_is_kept_as_heading() -> None:
    gazette = read(CHRONICLE)
    assert [(heading.line, heading.text) for heading in gazette.headings] == [(1, "2023年8月大事记")]


@pytest.mark.parametrize("rubric", ["政策文件", "市政府办公室文件", "人事任免", "【文件选登】"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_name_of_a_part_of_the_issue_belongs_to_no_record(rubric: str, gap: str) -> None:
    gazette = read(f"{CHRONICLE.rstrip()}{gap}{rubric}{gap}{NOTICE}")
    assert [event.text for event in gazette.events] == ["青河市召开春耕调度会。"]
    assert [document.title for document in gazette.directives] == [TITLE]
    assert rubric in [heading.text for heading in gazette.headings]


def test_two_rubrics_in_a_row_are_both_headings() -> None:
    gazette = read(f"{CHRONICLE}政策文件\n市政府文件\n{NOTICE}")
    assert [heading.text for heading in gazette.headings][1:] == ["政策文件", "市政府文件"]
    assert gazette.warnings == ()


def test_a_table_of_contents_makes_no_records() -> None:
    contents = f"目  录\n\n大事记……………………3\n\n{TITLE} ............ 12\n\n"
    gazette = read(contents + CHRONICLE + NOTICE)
    assert (len(gazette.events), len(gazette.directives)) == (1, 1)
    assert len(gazette.furniture) == 3


def test_a_line_before_everything_is_a_warning_with_its_text() -> None:
    gazette = read("本期责任编辑：陆平\n\n" + CHRONICLE)
    (warning,) = gazette.warnings
    assert (warning.line, warning.code) == (1, "unplaced")
    assert "本期责任编辑：陆平" in warning.message


def test_a_short_line_after_a_finished_entry_is_a_warning_and_no_part_of_it() -> None:
    gazette = read(CHRONICLE + "柳湾镇风光\n\n6日 柳湾镇举办画展。\n")
    assert [event.text for event in gazette.events] == ["青河市召开春耕调度会。", "柳湾镇举办画展。"]
    assert ["柳湾镇风光" in warning.message for warning in gazette.warnings] == [True]


def test_a_text_with_a_year_and_no_record_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match="大事记") as refusal:
        read("\n\n2023年\n一段话。\n")
    assert "第 3 行" in str(refusal.value)


# -- entries --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["上午，", "下午 ", "晚，", "凌晨"])
def test_a_time_of_day_after_the_date_stays_in_the_text(words: str) -> None:
    gazette = read(f"{CHRONICLE}8日{words}河口大桥通车。\n")
    assert gazette.events[1].start_date == date(2023, 8, 8)
    assert gazette.events[1].text == f"{words}河口大桥通车。"


@pytest.mark.parametrize(
    "words", ["前完成检查。", "起禁止垂钓。", "内报送情况。", "以前完成检查。", "之后复查。"]
)
def test_a_date_that_reads_on_starts_nothing_at_the_start_of_a_line(words: str) -> None:
    gazette = read(f"# 2023年8月大事记\n\n5日 青河市召开会议。\n8日{words}\n")
    assert len(gazette.events) == 1
    assert words in gazette.events[0].text


def test_entries_without_full_stops_stay_apart() -> None:
    gazette = read("# 2023年8月大事记\n5日 青河市召开会议\n6日 柳湾镇举办画展\n")
    assert [event.text for event in gazette.events] == ["青河市召开会议", "柳湾镇举办画展"]


@pytest.mark.parametrize("month", ["二月", "## 二月", "2月", "2023年2月"])
def test_a_month_ends_an_entry_without_a_full_stop(month: str) -> None:
    gazette = read(f"2023年大事记\n一月\n5日 青河市召开会议\n{month}\n6日 柳湾镇举办画展\n")
    assert [event.start_date for event in gazette.events] == [date(2023, 1, 5), date(2023, 2, 6)]


@pytest.mark.parametrize(
    ("printed", "first", "last"),
    [
        ("五日 ", date(2023, 8, 5), date(2023, 8, 5)),
        ("八月十二日 ", date(2023, 8, 12), date(2023, 8, 12)),
        ("二十一日至二十三日 ", date(2023, 8, 21), date(2023, 8, 23)),
    ],
)
def test_days_in_chinese_numerals(printed: str, first: date, last: date) -> None:
    gazette = read(f"# 2023年8月大事记\n\n{printed}青河市召开会议。\n")
    assert [(event.start_date, event.end_date) for event in gazette.events] == [(first, last)]


def test_an_entry_of_another_month_keeps_its_date_and_is_reported() -> None:
    gazette = read(CHRONICLE + "11月8日 柳湾镇举办画展。\n")
    assert gazette.events[1].start_date == date(2023, 11, 8)
    assert [(w.line, w.code) for w in gazette.warnings] == [(5, "other_month")]


@pytest.mark.parametrize(
    ("month", "printed", "expected"),
    [(1, "12月30日 ", date(2022, 12, 30)), (12, "1月2日 ", date(2024, 1, 2))],
)
def test_a_day_across_the_turn_of_the_year(month: int, printed: str, expected: date) -> None:
    gazette = read(f"# 2023年{month}月大事记\n\n{printed}青河市举办冰雕节。\n")
    assert [event.start_date for event in gazette.events] == [expected]


def test_a_second_paragraph_of_an_entry_stays_with_it() -> None:
    gazette = read(CHRONICLE + "会议要求各乡镇备足种子，检修农机。\n")
    assert [event.text for event in gazette.events] == [
        "青河市召开春耕调度会。\n会议要求各乡镇备足种子，检修农机。"
    ]


# -- people ---------------------------------------------------------------------------------


def test_a_list_of_people_shares_its_post() -> None:
    text = "5日 市领导程远山、沈望舒，市政协副主席顾长河、陆平到柳湾镇检查。\n"
    people = read("# 2023年8月大事记\n\n" + text).events[0].people
    assert [(person.name, person.post) for person in people] == [
        ("程远山", "市领导"),
        ("沈望舒", "市领导"),
        ("顾长河", "市政协副主席"),
        ("陆平", "市政协副主席"),
    ]


@pytest.mark.parametrize(
    ("sentence", "name", "post"),
    [
        ("市政协主席司马望到柳湾镇调研。", "司马望", "市政协主席"),
        ("省考察组陆平一行到青河市考察。", "陆平", "省考察组"),
        ("董事长李君来到柳湾镇考察。", "李君", "董事长"),
        ("市长程远山（右二）到柳湾镇检查。", "程远山", "市长"),
        ("省水利厅党组书记、厅长顾长河带队检查。", "顾长河", "省水利厅党组书记、厅长"),
        ("传达省程远山书记关于春耕的讲话。", "程远山", "书记"),
    ],
)
def test_a_name_and_its_post(sentence: str, name: str, post: str) -> None:
    people = read(f"# 2023年8月大事记\n\n5日 {sentence}\n").events[0].people
    assert [(person.name, person.post) for person in people] == [(name, post)]


def test_a_known_name_of_two_characters_inside_other_words_is_nobody() -> None:
    gazette = read("# 2023年8月大事记\n\n5日 青河市提高平安建设水平。\n", 高平="高平", 平安="平安")
    assert gazette.events[0].people == ()


# -- documents ------------------------------------------------------------------------------


def test_a_number_above_the_title_belongs_to_the_document_below() -> None:
    gazette = read(f"{NOTICE}\n青政发〔2023〕7号\n\n青河市人民政府关于禁牧的通告\n\n请认真落实。\n")
    assert [document.number for document in gazette.directives] == ["", "青政发〔2023〕7号"]


def test_an_order_has_a_number_of_its_own_and_carries_its_measure() -> None:
    order = only(
        "青河市人民政府令\n\n第12号\n\n《青河市河道管理办法》已经审议通过，现予公布。\n\n市长 程远山\n\n"
        "2023年3月6日\n\n青河市河道管理办法\n\n第一章 总则\n\n第一条 为了管理河道，制定本办法。\n\n"
        "第二条 本办法适用于本市\n\n行政区域内的河道。\n"
    )
    assert (order.title, order.issuer, order.number) == ("青河市人民政府令", "青河市人民政府", "第12号")
    assert (order.issued_on, order.plan_title) == (date(2023, 3, 6), "青河市河道管理办法")
    assert order.plan_preamble == (
        "第一章 总则",
        "第一条 为了管理河道，制定本办法。",
        "第二条 本办法适用于本市行政区域内的河道。",
    )


def test_a_signature_on_the_line_of_the_date() -> None:
    document = only(NOTICE.replace("2023年3月9日", "青河市人民政府  2023年3月9日"))
    assert document.issued_on == date(2023, 3, 9)
    assert document.preamble == ("请认真落实。",)


def test_a_signature_of_another_body_is_reported() -> None:
    gazette = read(NOTICE.replace("2023年3月9日", "青河市林业局\n\n2023年3月9日"))
    assert [(w.code, "青河市林业局" in w.message) for w in gazette.warnings] == [("signature", True)]
    assert gazette.directives[0].issuer == "青河市人民政府"


def test_a_notice_without_addressees_begins_with_its_text() -> None:
    document = only(f"{TITLE}\n\n为保护森林，现将有关事项通告如下：\n\n一、封山范围\n\n柳湾镇。\n")
    assert document.addressees == ()
    assert document.preamble == ("为保护森林，现将有关事项通告如下：",)


def test_a_plan_named_without_marks_in_the_title() -> None:
    document = only(
        "青河市人民政府办公室关于印发青河市春耕工作方案的通知\n\n各乡镇：\n\n"
        "《青河市春耕工作方案》已经同意，现印发给你们。\n\n2023年3月6日\n\n青河市春耕工作方案\n\n一、目标\n\n不误农时。\n"
    )
    assert document.plan_title == "青河市春耕工作方案"
    assert document.citations == ()


def test_rows_of_a_table_stay_rows() -> None:
    document = only(f"{TITLE}\n\n一、范围\n\n| 序号 | 乡镇 |\n| 1 | 柳湾镇 |\n| 2 | 云岭乡 |\n")
    assert document.sections[0].text == "| 序号 | 乡镇 |\n| 1 | 柳湾镇 |\n| 2 | 云岭乡 |"


def test_a_numbered_paragraph_cut_early_by_a_page_is_joined() -> None:
    text = f"{TITLE}\n\n一、措施\n\n（一）加强领导。各乡镇要\n\n— 7 —\n\n成立专班，抓好落实。\n"
    (_, section) = only(text).sections
    assert (section.heading, section.text) == ("加强领导", "各乡镇要成立专班，抓好落实。")


def test_a_line_that_opens_with_punctuation_goes_on_with_the_line_before() -> None:
    text = f"{TITLE}\n\n一、措施\n\n1.检修水泵\n\n、拖拉机，备足种子。\n"
    assert only(text).sections[1].text == "检修水泵、拖拉机，备足种子。"


# -- rosters and annexes ----------------------------------------------------------------------


def test_a_leader_of_a_working_group_of_departments_is_no_roster() -> None:
    text = (
        f"{TITLE}\n\n一、工作组\n\n（一）物资组\n\n组 长：程远山（市农业局局长）\n\n"
        "组 员：财政局、林业局。\n\n主要职责：备足物资。\n"
    )
    document = only(text)
    assert document.rosters == ()
    assert document.sections[1].text.splitlines() == [
        "组 长：程远山（市农业局局长）",
        "组 员：财政局、林业局。",
        "主要职责：备足物资。",
    ]


def test_posts_in_brackets_make_a_roster_when_people_follow() -> None:
    text = f"{TITLE}\n\n一、领导小组\n\n组 长：程远山（市长）\n\n成 员：陆平（市农业局局长）\n"
    (roster,) = only(text).rosters
    assert [(m.role, m.name, m.post) for m in roster.members] == [
        ("组长", "程远山", "市长"),
        ("成员", "陆平", "市农业局局长"),
    ]


def test_a_post_wrapped_to_the_next_line_is_whole() -> None:
    text = (
        f"{TITLE}\n一、领导小组\n领导小组组成人员名单如下，请各乡镇各部门\n"
        "组长：程远山 青河农畜林产品开发区党工委\n书记、管委会主任\n成员：陆平 市农业局局长\n"
    )
    (roster,) = only(text).rosters
    assert [m.post for m in roster.members] == ["青河农畜林产品开发区党工委书记、管委会主任", "市农业局局长"]


@pytest.mark.parametrize(
    "printed",
    [
        "附件：1.物资清单\n\n2.农机站名录\n",
        "附件：\n\n1.物资清单\n\n2.农机站名录\n",
        "附件：1.物资清单 2.农机站名录\n",
        "附件1：物资清单\n\n附件2：农机站名录\n",
    ],
)
def test_a_list_of_annexes_in_every_form(printed: str) -> None:
    document = only(f"{NOTICE}\n{printed}\n附件2\n\n农机站名录\n\n柳湾站、云岭站。\n")
    assert [(a.title, a.printed) for a in document.annexes] == [("物资清单", False), ("农机站名录", True)]
    assert document.annexes[1].paragraphs == ("柳湾站、云岭站。",)


def test_an_annex_printed_under_another_title_is_reported() -> None:
    gazette = read(f"{NOTICE}\n附件：物资清单\n\n附件\n\n春耕物资表\n\n种子三十吨。\n")
    assert [(a.title, a.printed) for a in gazette.directives[0].annexes] == [("春耕物资表", True)]
    assert [w.code for w in gazette.warnings] == ["annex_title"]
    assert "物资清单" in gazette.warnings[0].message


def test_an_annex_that_a_sentence_refers_to_is_named_and_not_printed() -> None:
    text = f"{TITLE}\n\n一、措施\n\n各乡镇要组建抢险队伍（见附件），储备物资。\n"
    (annex,) = only(text).annexes
    assert (annex.title, annex.printed, annex.line) == ("抢险队伍", False, 5)


def test_a_sentence_about_annexes_is_text() -> None:
    document = only(f"{TITLE}\n\n一、措施\n\n附件所列各单位要抓好落实。\n")
    assert document.annexes == ()
    assert document.sections[0].text == "附件所列各单位要抓好落实。"


@pytest.mark.parametrize(
    ("printed", "first", "last"),
    [
        ("（8月底前）", None, date(2023, 8, 31)),
        ("（2023年9月起）", date(2023, 9, 1), None),
        ("（11月1日至2月底）", date(2023, 11, 1), date(2024, 2, 29)),
        ("（２０２３年８月）", date(2023, 8, 1), date(2023, 8, 31)),
    ],
)
def test_a_stage_with_an_open_or_undated_end(printed: str, first: date | None, last: date | None) -> None:
    text = f"{TITLE}\n\n2023年3月9日\n\n一、步骤\n\n（一）准备阶段{printed}。各乡镇制定方案。\n"
    (stage,) = only(text).stages
    assert (stage.name, stage.starts_on, stage.ends_on) == ("准备阶段", first, last)


@pytest.mark.parametrize("printed", ["（试行）", "（2023年第8次）", "（13月1日前）", "（3月9日至1日）"])
def test_brackets_that_are_no_period_make_no_stage(printed: str) -> None:
    text = f"{TITLE}\n\n2023年3月9日\n\n一、步骤\n\n（一）准备阶段{printed}。各乡镇制定方案。\n"
    assert only(text).stages == ()
