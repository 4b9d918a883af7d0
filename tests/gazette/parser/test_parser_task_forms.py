"""Tasks and responsibility brackets as other issues and other cities print them."""

from datetime import date

import pytest

from gazette.parser import parse_gazette
from gazette.parser.records import Gazette, Task, Vocabulary

HEAD = (
    "# 青河市人民政府办公室关于印发《青河市清河行动方案》的通知\n\n各乡镇，市直各部门：\n\n请认真落实。\n\n"
)
PLAN = "2023年3月6日\n\n青河市清河行动方案\n\n一、重点任务\n\n（一）整治河道\n\n"


def read(body: str, vocabulary: Vocabulary) -> Gazette:
    """A document with a plan that holds the given paragraphs."""
    return parse_gazette(f"{HEAD}{PLAN}{body}\n", vocabulary)


def only(body: str, vocabulary: Vocabulary) -> Task:
    """The one task of the given paragraphs."""
    (task,) = read(body, vocabulary).tasks
    return task


@pytest.mark.parametrize(
    "bracket",
    [
        "（牵头部门：水利局；配合部门：住建局、公安局）",
        "（牵头单位：水利局；配合单位：住建局、公安局）",
        "（责任单位：水利局；配合单位：住建局、公安局）",
        "（责任部门：水利局；配合部门：住建局、公安局）",
        "(牵头部门:水利局;配合部门:住建局、公安局)",
        "（牵头部门：水利局;配合部门：住建局，公安局）",
        "（牵头部门：水利局；配合部门：住建局、公安局。）",
        "（牵头部门：市水利局；配合部门：市住建局、市公安局）",
        "（牵头部门: 水利局; 配合部门: 住建局、 公安局）",
        " （牵头部门：水利局；配合部门：住建局、公安局）。",
        "\n\n（牵头部门：水利局；配合部门：住建局、公安局）",
        "\n（牵头部门：水利局；配合部门：住建局、公安局）",
        "（牵头部门：水利局；\n\n配合部门：住建局、公安局）",
        "（牵头部门：水利局；配合部门：住\n\n建局、公安局）",
        "（牵头部门：水利局；配合部门：住建局、\n\n— 5 —\n\n公安局）",
    ],
)
def test_a_responsibility_bracket(bracket: str, vocabulary: Vocabulary) -> None:
    task = only(f"1.清理柳湾河段淤泥。{bracket}", vocabulary)
    assert task.text == "清理柳湾河段淤泥。"
    assert (task.lead, task.support) == (("水利局",), ("住建局", "公安局"))
    assert (task.number, task.part, task.subsection) == ("1", "一、重点任务", "（一）整治河道")


@pytest.mark.parametrize("mark", ["1.", "- 1.", "1. ", "1．", "1、", "**1.**", "* 1. "])
def test_the_list_number_is_not_in_the_text(mark: str, vocabulary: Vocabulary) -> None:
    task = only(f"{mark}清理柳湾河段淤泥。（牵头部门：水利局）", vocabulary)
    assert (task.number, task.text) == ("1", "清理柳湾河段淤泥。")


def test_a_task_without_a_number(vocabulary: Vocabulary) -> None:
    task = only("清理柳湾河段淤泥。\n\n（牵头部门：水利局）", vocabulary)
    assert (task.number, task.text) == ("", "清理柳湾河段淤泥。")


def test_two_leads_and_aliases(vocabulary: Vocabulary) -> None:
    task = only("1.清理河段。（牵头部门：执法局、水利局；配合部门：交通局、市生态环境局分局）", vocabulary)
    assert task.lead == ("城管执法局", "水利局")
    assert task.printed_lead == ("执法局", "水利局")
    assert task.support == ("交通运输局", "生态环境分局")
    assert task.printed_support == ("交通局", "市生态环境局分局")


def test_an_unknown_department_stays_as_printed_with_a_warning(vocabulary: Vocabulary) -> None:
    gazette = read("1.清理河段。（牵头部门：市河长制办公室；配合部门：水利局）", vocabulary)
    assert gazette.tasks[0].lead == ("市河长制办公室",)
    assert [w.code for w in gazette.warnings if "河长制办公室" in w.message] == ["department_unknown"]


@pytest.mark.parametrize(
    ("bracket", "due", "printed"),
    [
        ("（责任单位：水利局；完成时限：2023年6月30日）", date(2023, 6, 30), "2023年6月30日"),
        ("（责任单位：水利局；配合单位：住建局；完成时限：6月底前）", date(2023, 6, 30), "6月底前"),
        ("（责任单位：水利局；完成时间：2023年年底）", date(2023, 12, 31), "2023年年底"),
        ("（责任单位：水利局；完成时限：12月底）", date(2023, 12, 31), "12月底"),
    ],
)
def test_a_due_date_in_the_bracket(bracket: str, due: date, printed: str, vocabulary: Vocabulary) -> None:
    task = only(f"1.清理柳湾河段淤泥。{bracket}", vocabulary)
    assert (task.due_on, task.due_text, task.text) == (due, printed, "清理柳湾河段淤泥。")
    assert task.lead == ("水利局",)


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("2023年10月底，完成清淤。", date(2023, 10, 31)),
        ("2023年10月底前完成清淤。", date(2023, 10, 31)),
        ("至10月底，完成清淤。", date(2023, 10, 31)),
        ("9月底完成清淤。", date(2023, 9, 30)),
        ("8月份完成清淤。", date(2023, 8, 31)),
        ("今年8月完成清淤。", date(2023, 8, 31)),
        ("年底前完成清淤。", date(2023, 12, 31)),
        ("7月26日前完成清淤。", date(2023, 7, 26)),
        ("7 月 26 日前完成清淤。", date(2023, 7, 26)),
        ("2023年12月31日前完成清淤。", date(2023, 12, 31)),
        ("2024年2月底前完成清淤。", date(2024, 2, 29)),
        ("7月26日前完成上游清淤，7月底完成下游清淤。", date(2023, 7, 31)),
    ],
)
def test_the_last_date_in_the_text_is_the_due_date(sentence: str, due: date, vocabulary: Vocabulary) -> None:
    task = only(f"1.清理柳湾河段。{sentence}（牵头部门：水利局）", vocabulary)
    assert task.due_on == due
    assert task.due_text
    assert task.due_text.replace(" ", "") in task.text.replace(" ", "")


@pytest.mark.parametrize(
    "sentence",
    [
        "月检42项、年检106项。",
        "在24小时内抢修。",
        "推广12345热线。",
        "执行《2022年河道治理计划》。",
        "清淤75米。",
        "巩固往年95%的成果。",
        "开展百日攻坚。",
        "实现7天24小时值守。",
    ],
)
def test_a_number_in_the_text_is_no_due_date(sentence: str, vocabulary: Vocabulary) -> None:
    task = only(f"1.清理柳湾河段。{sentence}（牵头部门：水利局）", vocabulary)
    assert (task.due_on, task.due_text) == (None, "")


def test_a_beginning_is_labelled(vocabulary: Vocabulary) -> None:
    task = only("1.8月份实现柳湾闸开工建设。（牵头部门：水利局）", vocabulary)
    assert task.number == "1"
    assert [(m.kind, m.on) for m in task.milestones] == [("start", date(2023, 8, 31))]


def test_earlier_dates_are_milestones(vocabulary: Vocabulary) -> None:
    task = only("1.5月底完成勘察，6月10日前完成设计，9月底完成清淤。（牵头部门：水利局）", vocabulary)
    assert [(m.kind, m.on) for m in task.milestones] == [
        ("milestone", date(2023, 5, 31)),
        ("milestone", date(2023, 6, 10)),
    ]


def test_square_metres_are_printed_as_one_character(vocabulary: Vocabulary) -> None:
    task = only("1.硬化河岸300 m<sup>2</sup>、挖方20m<sup>3</sup>。（牵头部门：水利局）", vocabulary)
    assert "m²" in task.text and "m³" in task.text and "sup" not in task.text


def test_brackets_of_the_body_are_not_tasks_again_where_an_annex_lists_them(vocabulary: Vocabulary) -> None:
    body = (
        "1.清理河段。（牵头部门：水利局）\n\n附件：青河市清河行动任务清单\n\n附件：\n\n"
        "青河市清河行动\n\n任务清单\n\n一、整治河道\n\n（一）清淤\n\n"
        "1.清理上游。（牵头部门：水利局）\n\n2.清理下游。（牵头部门：住建局）\n"
    )
    tasks = read(body, vocabulary).tasks
    assert [(t.part, t.subsection, t.number, t.text) for t in tasks] == [
        ("一、整治河道", "（一）清淤", "1", "清理上游。"),
        ("一、整治河道", "（一）清淤", "2", "清理下游。"),
    ]


def test_a_line_of_responsible_leaders_without_brackets_is_no_task(vocabulary: Vocabulary) -> None:
    gazette = read("全面清理柳湾河段。\n\n责任领导：程远山；责任部门：水利局。", vocabulary)
    assert gazette.tasks == ()
    assert "程远山" in "".join(s.text for s in gazette.directives[0].sections)


def test_a_list_without_markdown_and_hard_wrapped(vocabulary: Vocabulary) -> None:
    task = only(
        "1.清理柳湾河段淤泥，平整两岸堤坝，补种护岸林木，确保汛期\n行洪安全畅通。（牵头部门：水\n利局；配合部门：住建局）",
        vocabulary,
    )
    assert task.text == "清理柳湾河段淤泥，平整两岸堤坝，补种护岸林木，确保汛期行洪安全畅通。"
    assert (task.lead, task.support) == (("水利局",), ("住建局",))


def test_beside_a_lead_the_responsible_department_supports(vocabulary: Vocabulary) -> None:
    task = only("1.清理河段。（牵头部门：水利局；责任部门：住建局；配合部门：公安局）", vocabulary)
    assert (task.lead, task.support) == (("水利局",), ("住建局", "公安局"))


@pytest.mark.parametrize(
    "bracket",
    [
        "（牵头部门：水利局（防汛办）；配合部门：住建局）",
        "（牵头部门：水利局（防汛办；配合部门：住建局）",
        "（牵头部门：水利局（防汛办）；配合部门：住建局",
    ],
)
def test_brackets_inside_or_never_closed(bracket: str, vocabulary: Vocabulary) -> None:
    task = only(f"1.清理河段。{bracket}", vocabulary)
    assert task.text == "清理河段。"
    assert len(task.lead) == 1 and task.lead[0].startswith("水利局")
    assert task.support == ("住建局",)


def test_closing_words_after_the_last_name_are_no_part_of_it(vocabulary: Vocabulary) -> None:
    task = only("1.清理河段。（牵头部门：水利局；配合部门：住建局、公安局等有关部门）", vocabulary)
    assert task.support == ("住建局", "公安局")


def test_a_department_named_twice_counts_once(vocabulary: Vocabulary) -> None:
    task = only("1.清理河段。（牵头部门：执法局、城管执法局；配合部门：住建局）", vocabulary)
    assert (task.lead, task.printed_lead) == (("城管执法局",), ("执法局",))


def test_a_person_in_the_bracket_is_told_and_is_no_department(vocabulary: Vocabulary) -> None:
    gazette = read("1.清理河段。（牵头部门：水利局；责任人：程远山）", vocabulary)
    assert gazette.tasks[0].lead == ("水利局",)
    assert [w.code for w in gazette.warnings if "程远山" in w.message] == ["responsibility_unplaced"]


def test_a_numbered_paragraph_among_tasks_without_a_bracket_is_reported(vocabulary: Vocabulary) -> None:
    gazette = read(
        "1.清理上游。（牵头部门：水利局）\n\n2.清理下游。\n\n3.清理支流。（牵头部门：水利局）", vocabulary
    )
    assert [task.number for task in gazette.tasks] == ["1", "3"]
    (warning,) = [w for w in gazette.warnings if w.code == "task_without_department"]
    assert "清理下游" in warning.message


def test_numbered_paragraphs_far_from_any_task_are_not_reported(vocabulary: Vocabulary) -> None:
    gazette = read(
        "1.清理上游。（牵头部门：水利局）\n\n二、保障措施\n\n（一）要求\n\n1.加强领导。", vocabulary
    )
    assert len(gazette.tasks) == 1
    assert not [w for w in gazette.warnings if w.code == "task_without_department"]


def test_the_second_half_after_a_page_brings_the_bracket(vocabulary: Vocabulary) -> None:
    task = only("1.清理上游。\n\n— 7 —\n\n同时清理下游。（牵头部门：水利局）", vocabulary)
    assert (task.number, task.text) == ("1", "清理上游。同时清理下游。")


def test_sub_items_stand_under_their_item(vocabulary: Vocabulary) -> None:
    body = "1.清理河段\n\n（1）清理上游。（牵头部门：水利局）\n\n（2）清理下游。（牵头部门：住建局）"
    gazette = read(body, vocabulary)
    assert [(task.number, task.text) for task in gazette.tasks] == [
        ("（1）", "清理上游。"),
        ("（2）", "清理下游。"),
    ]
    assert not [w for w in gazette.warnings if w.code == "task_without_department"]


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("8月1日至9月15日完成清淤。", date(2023, 9, 15)),
        ("8月1日至15日完成清淤。", date(2023, 8, 15)),
        ("2024年1月10日至3月20日完成清淤。", date(2024, 3, 20)),
        ("十月底前完成清淤。", date(2023, 10, 31)),
        ("10月中旬完成清淤。", date(2023, 10, 20)),
        ("明年3月底前完成清淤。", date(2024, 3, 31)),
        ("2023年底前完成清淤。", date(2023, 12, 31)),
        ("年内完成清淤。", date(2023, 12, 31)),
        ("每年10月底前完成清淤。", None),
        ("三年内完成清淤。", None),
        ("2019年5月建成的闸门加固。", None),
        ("落实8月1日印发的要求。", None),
        ("自3月1日以来持续清淤。", None),
        ("投资1.8亿元。", None),
    ],
)
def test_a_further_form_of_date(sentence: str, due: date | None, vocabulary: Vocabulary) -> None:
    task = only(f"1.清理柳湾河段。{sentence}（牵头部门：水利局）", vocabulary)
    assert (task.due_on, bool(task.due_text)) == (due, due is not None)


def test_a_day_that_does_not_exist_is_no_due_date_and_is_told(vocabulary: Vocabulary) -> None:
    gazette = read("1.清理河段，11月31日前完成。（牵头部门：水利局）", vocabulary)
    assert gazette.tasks[0].due_on is None
    assert [w.code for w in gazette.warnings if "11月31日" in w.message] == ["date_impossible"]


def test_words_that_are_no_date_stay_as_printed(vocabulary: Vocabulary) -> None:
    gazette = read("1.清理河段。（责任单位：水利局；完成时限：长期坚持）", vocabulary)
    assert (gazette.tasks[0].due_on, gazette.tasks[0].due_text) == (None, "长期坚持")
    assert "due_unclear" in {w.code for w in gazette.warnings}


def test_the_date_in_the_bracket_wins_over_those_in_the_text(vocabulary: Vocabulary) -> None:
    task = only("1.5月底完成勘察，清理河段。（责任单位：水利局；完成时限：9月底）", vocabulary)
    assert (task.due_on, task.due_text) == (date(2023, 9, 30), "9月底")
    assert [(m.kind, m.on) for m in task.milestones] == [("milestone", date(2023, 5, 31))]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [("8月底前开工，10月底完成。", "start"), ("8月底前完成开工准备，10月底完成。", "milestone")],
)
def test_the_first_verb_after_a_date_tells_a_start_from_an_end(
    sentence: str, kind: str, vocabulary: Vocabulary
) -> None:
    task = only(f"1.清理河段。{sentence}（牵头部门：水利局）", vocabulary)
    assert [m.kind for m in task.milestones] == [kind]
    assert task.due_on == date(2023, 10, 31)
