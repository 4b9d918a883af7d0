"""Chronicle entries as other issues and other cities print them; all places and people are invented."""

from datetime import date

import pytest

from gazette.parser import parse_gazette
from gazette.parser.records import Gazette, Vocabulary

HEAD = "# 2023年8月大事记\n\n"


def read(text: str, **names: str) -> Gazette:
    """A gazette read with only the given people known."""
    return parse_gazette(text, Vocabulary(people=names))


def days(gazette: Gazette) -> list[tuple[date, date]]:
    """First and last day of each entry."""
    return [(event.start_date, event.end_date) for event in gazette.events]


@pytest.mark.parametrize("marker", list("☆★△▲◆◇●○※■"))
def test_a_marker_takes_the_date_of_the_entry_above(marker: str) -> None:
    gazette = read(f"{HEAD}**5日** 青河市召开春耕调度会。\n\n{marker} 柳湾镇举办农民画展。\n")
    assert days(gazette) == [(date(2023, 8, 5), date(2023, 8, 5))] * 2
    assert gazette.events[1].text == "柳湾镇举办农民画展。"


@pytest.mark.parametrize("words", ["是日", "同日", "是日，", "同日，", "**同日** "])
def test_same_day_words_take_the_date_of_the_entry_above(words: str) -> None:
    gazette = read(f"{HEAD}**5~7日** 青河市召开春耕调度会。\n\n{words}柳湾镇举办农民画展。\n")
    assert days(gazette) == [(date(2023, 8, 5), date(2023, 8, 7))] * 2
    assert gazette.events[1].text.endswith("柳湾镇举办农民画展。")


@pytest.mark.parametrize(
    ("printed", "first", "last"),
    [
        ("8日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("**8日** ", date(2023, 8, 8), date(2023, 8, 8)),
        ("**8日**", date(2023, 8, 8), date(2023, 8, 8)),
        ("**16 日** ", date(2023, 8, 16), date(2023, 8, 16)),
        ("## 8日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("### **8日** ", date(2023, 8, 8), date(2023, 8, 8)),
        ("- 8日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("８日　", date(2023, 8, 8), date(2023, 8, 8)),
        ("　　8日　", date(2023, 8, 8), date(2023, 8, 8)),
        ("8日，", date(2023, 8, 8), date(2023, 8, 8)),
        ("8日：", date(2023, 8, 8), date(2023, 8, 8)),
        ("08日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("8月8日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("8月8日，", date(2023, 8, 8), date(2023, 8, 8)),
        ("8 月 8 日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("2023年8月8日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("2023 年 8 月 8 日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("◆8日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("●8月8日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("☆ 8日 ", date(2023, 8, 8), date(2023, 8, 8)),
        ("8~9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8～9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8-9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8—9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8——9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8–9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8－9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("**8~9 日** ", date(2023, 8, 8), date(2023, 8, 9)),
        ("**8 — 9 日** ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8至9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8日至9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8日—9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8月8日至9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8月8日至8月9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8月8—9日 ", date(2023, 8, 8), date(2023, 8, 9)),
        ("8月30日—9月2日 ", date(2023, 8, 30), date(2023, 9, 2)),
        ("30日~9月2日 ", date(2023, 8, 30), date(2023, 9, 2)),
        ("**30日~9月2日** ", date(2023, 8, 30), date(2023, 9, 2)),
        ("2023年8月30日至2023年9月2日 ", date(2023, 8, 30), date(2023, 9, 2)),
    ],
)
def test_a_form_of_date(printed: str, first: date, last: date) -> None:
    gazette = read(f"{HEAD}{printed}青河市召开春耕调度会。\n")
    assert days(gazette) == [(first, last)]
    assert gazette.events[0].text == "青河市召开春耕调度会。"


@pytest.mark.parametrize(
    "printed",
    ["30日~1月2日 ", "12月30日—1月2日 ", "12月30日至次年1月2日 ", "2023年12月30日—2024年1月2日 "],
)
def test_a_range_across_the_turn_of_the_year(printed: str) -> None:
    gazette = read(f"# 2023年12月大事记\n\n{printed}青河市举办冰雕节。\n")
    assert days(gazette) == [(date(2023, 12, 30), date(2024, 1, 2))]


@pytest.mark.parametrize(
    "months", [("一月", "二月", "十二月"), ("1月", "2月", "12月"), ("１月", "２月", "１２月")]
)
@pytest.mark.parametrize(
    "head", ["# 2023年大事记", "2023年大事记", "# 青河市2023年大事记", "# 大事记（2023年）"]
)
def test_the_year_stands_only_in_the_heading(head: str, months: tuple[str, str, str]) -> None:
    parts = [f"## {month}\n\n3日 青河市召开调度会。\n\n☆ 柳湾镇举办画展。\n" for month in months]
    gazette = read(head + "\n\n" + "\n".join(parts))
    assert [(e.start_date, e.position) for e in gazette.events] == [
        (date(2023, month, 3), position) for month in (1, 2, 12) for position in (1, 2)
    ]


@pytest.mark.parametrize(
    "head",
    [
        "# 2023年7月大事记",
        "2023年7月大事记",
        "**2023年7月大事记**",
        "# 大事记（2023年7月）",
        "# 大事记(2023年7月)",
        "# 青河市大事记（2023年7月）",
        "# 2023 年 7 月大事记",
        "# ２０２３年７月大事记",
        "# 二〇二三年七月大事记",
        "# 2023年7月份大事记",
    ],
)
def test_a_form_of_chronicle_heading(head: str) -> None:
    gazette = read(f"{head}\n\n3日 青河市召开调度会。\n")
    assert days(gazette) == [(date(2023, 7, 3), date(2023, 7, 3))]


def test_positions_count_from_one_within_each_month() -> None:
    gazette = read(
        "# 2023年7月大事记\n\n3日 青河市召开调度会。\n\n☆ 柳湾镇举办画展。\n\n"
        "# 2023年8月大事记\n\n1日 青河市举行赛马会。\n"
    )
    assert [event.position for event in gazette.events] == [1, 2, 1]


@pytest.mark.parametrize(
    "gap", ["\n\n", "\n", "\n\n— 12 —\n\n", "\n- 3 -\n", "\n\n第 3 页\n\n", "\n第3页 共9页\n"]
)
def test_a_sentence_cut_by_a_page_is_joined(gap: str) -> None:
    gazette = read(f"{HEAD}5日 青河市召开春耕调度{gap}会议，部署下一步工作。\n\n☆ 柳湾镇举办画展。\n")
    assert [event.text for event in gazette.events] == [
        "青河市召开春耕调度会议，部署下一步工作。",
        "柳湾镇举办画展。",
    ]


def test_a_repeated_running_head_in_a_sentence_is_furniture() -> None:
    body = "\n\n".join(
        f"{day}日 青河市召开第{day}次春耕调度\n\n青河市人民政府公报\n\n会议，部署工作。" for day in (3, 4, 5)
    )
    gazette = read(HEAD + body)
    assert [event.text for event in gazette.events] == [
        f"青河市召开第{day}次春耕调度会议，部署工作。" for day in (3, 4, 5)
    ]
    assert [item.text for item in gazette.furniture] == ["青河市人民政府公报"] * 3


def test_a_page_number_is_kept_as_furniture_with_its_line() -> None:
    gazette = read(f"{HEAD}5日 青河市召开春耕调度\n— 12 —\n会议。\n")
    assert [(item.line, item.text) for item in gazette.furniture] == [(4, "— 12 —")]


def test_hard_wrapped_lines_are_one_entry_and_a_date_in_a_sentence_starts_none() -> None:
    gazette = read(
        HEAD
        + "5日 青河市召开春耕生产调度会，会议要求各乡镇于本月\n"
        + "26日前完成种子调运，并于\n"
        + "8月28日开展一次全面检查，确保\n"
        + "不误农时。\n"
        + "6日 柳湾镇举办画展。\n"
    )
    joined = (
        "青河市召开春耕生产调度会，会议要求各乡镇于本月26日前完成种子调运，"
        "并于8月28日开展一次全面检查，确保不误农时。"
    )
    told = [(event.start_date.day, event.text) for event in gazette.events]
    assert told == [(5, joined), (6, "柳湾镇举办画展。")]


def test_a_date_inside_a_line_starts_nothing() -> None:
    gazette = read(f"{HEAD}5日 青河市召开调度会。6日起各乡镇开展检查，☆级酒店一并检查。\n")
    assert len(gazette.events) == 1


@pytest.mark.parametrize("printed", ["31日", "**31日**", "11月31日", "30~31日"])
def test_a_day_that_does_not_exist_is_a_warning_with_its_line_and_text(printed: str) -> None:
    gazette = read(
        f"# 2023年11月大事记\n\n3日 青河市召开调度会。\n\n{printed} 柳湾镇举办画展。\n\n30日 河口通桥。\n"
    )
    bad = [warning for warning in gazette.warnings if warning.code == "bad_date"]
    assert [warning.line for warning in bad] == [5]
    kept = "".join(event.text for event in gazette.events) + bad[0].message
    assert "柳湾镇举办画展" in kept
    assert {event.start_date.day for event in gazette.events} >= {3, 30}


def test_a_marker_after_a_bad_date_does_not_take_an_earlier_day_silently() -> None:
    gazette = read("# 2023年11月大事记\n\n3日 青河市开会。\n\n31日 柳湾镇画展。\n\n☆ 河口通桥。\n")
    texts = [event.text for event in gazette.events if event.start_date == date(2023, 11, 3)]
    unclear = "".join(warning.message for warning in gazette.warnings)
    assert "河口通桥" not in "".join(texts) or "河口通桥" in unclear


def test_half_width_punctuation_is_read_alike() -> None:
    gazette = read(f"{HEAD}5日,青河市召开调度会,部署工作.\n\n☆柳湾镇举办画展.\n")
    assert len(gazette.events) == 2


def test_a_duplicated_character_across_a_page_is_reported() -> None:
    gazette = read(f"{HEAD}5日 青河市通报上半年\n\n年粮食生产情况。\n")
    assert "粮食生产情况。" in gazette.events[0].text
    assert [w for w in gazette.warnings if w.line in (3, 5)]


def test_people_known_and_unknown_with_their_posts() -> None:
    gazette = read(
        HEAD + "5日 市委书记程远山主持会议，市委副书记、市长沈望舒汇报工作，省农科院院长顾长河参加会议。\n",
        程远山="程远山",
        沈忘舒="沈望舒",
        沈望舒="沈望舒",
    )
    people = {(person.name, person.post) for person in gazette.events[0].people}
    assert {("程远山", "市委书记"), ("沈望舒", "市委副书记、市长")} <= people
    assert {name for name, _ in people} <= {"程远山", "沈望舒", "顾长河"}


def test_a_printed_variant_maps_to_the_known_person_and_is_reported() -> None:
    gazette = read(f"{HEAD}5日 市长沈忘舒到柳湾镇调研。\n", 沈忘舒="沈望舒", 沈望舒="沈望舒")
    (person,) = gazette.events[0].people
    assert (person.name, person.printed_name) == ("沈望舒", "沈忘舒")
    assert [w.line for w in gazette.warnings if w.code == "name_variant"] == [3]


@pytest.mark.parametrize(
    "sentence",
    [
        "青河市召开高质量发展大会，安排部署重点工作。",
        "市委书记主持会议，市长作安排部署。",
        "全市主任医师培训班在柳湾镇开班。",
        "党组书记会议传达学习上级精神。",
        "市委常委会会议研究国土空间规划。",
        "各乡镇主要负责人参加会议并汇报工作。",
        "局长办公会听取情况汇报，组长单位作说明。",
        "传达学习某总书记重要讲话精神。",
    ],
)
def test_a_sentence_without_names_names_nobody(sentence: str) -> None:
    assert read(f"{HEAD}5日 {sentence}\n").events[0].people == ()


def test_departments_are_whole_names_of_the_vocabulary() -> None:
    vocabulary = Vocabulary(departments={"水利局": "水利局", "水务局": "水利局", "住建局": "住建局"})
    text = f"{HEAD}5日 市水务局、住建局检查河道。\n\n☆ 柳湾镇举办画展。\n"
    named = [set(event.departments) for event in parse_gazette(text, vocabulary).events]
    assert named == [{"水利局", "住建局"}, set()]
