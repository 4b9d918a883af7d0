"""Figures of a report and what it leaves out."""

from typing import Any

import pytest

from floodresponse.reportcontent import fallen, lacking, read_figures


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({}, {}),
        ({"dead": 0, "missing": None}, {"dead": 0, "missing": None}),
        ({"dead": "", "affected": "12"}, {"dead": None, "affected": 12}),
        ({"crop_hectares": 1.5, "loss_10k_yuan": "20.25"}, {"crop_hectares": 1.5, "loss_10k_yuan": 20.25}),
    ],
)
def test_nought_and_blank_differ(given: dict[str, Any], read: dict[str, Any]) -> None:
    assert read_figures(given) == (read, "")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"dead": -1}, "不小于 0 的整数"),
        ({"dead": 1.5}, "不小于 0 的整数"),
        ({"dead": True}, "不小于 0 的整数"),
        ({"dead": "三"}, "不小于 0 的整数"),
        ({"dead": [1]}, "不小于 0 的整数"),
        ({"affected": 10**12}, "不小于 0 的整数"),
        ({"loss_10k_yuan": "NaN"}, "不小于 0 的数"),
        ({"loss_10k_yuan": float("inf")}, "不小于 0 的数"),
        ({"cows": 3}, "没有“cows”这个项目"),
        ([1], "按项目填写"),
        ({"affected": 2, "dead": 1, "missing": 2}, "多于受灾人口 2 人"),
    ],
)
def test_impossible_figures_are_refused_with_a_sentence(given: Any, words: str) -> None:
    assert words in read_figures(given)[1]


@pytest.mark.parametrize("given", [{"affected": 3, "dead": 1, "missing": 2}, {"dead": 9}, {"affected": 5}])
def test_victims_may_equal_those_affected_and_blank_compares_with_nothing(given: dict[str, Any]) -> None:
    assert read_figures(given) == (given, "")


def test_a_fall_is_named_but_not_of_people_who_came_free() -> None:
    before = {"affected": 20, "trapped": 5, "evacuated": 7}
    after = {"affected": 18, "trapped": 0, "evacuated": 7, "dead": 0}
    assert fallen(before, after) == ["受灾人口由 20 减为 18"]
    assert fallen(before, {"affected": None}) == []


def lacks(**values: Any) -> list[str]:
    given: dict[str, Any] = {
        "channel": "written",
        "kind": "waterlogging",
        "text": "桥下积水。",
        "figures": {},
        "casualties": False,
    }
    return lacking(**(given | values))


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, []),
        ({"text": "  "}, ["文字说明"]),
        ({"channel": "phone", "kind": "disaster"}, []),
        ({"channel": "media"}, ["图片或视频"]),
        ({"casualties": True}, ["死亡、失踪的原因", "死亡、失踪人员情况"]),
        ({"casualties": True, "text": "一名男子触电身亡，原因在查。"}, []),
        ({"kind": "danger", "text": "墙裂。"}, ["险情现状", "抢险救援情况"]),
        ({"kind": "danger", "text": "墙裂。", "figures": {"trapped": 0, "evacuated": 3}}, []),
        ({"kind": "danger", "text": "墙裂。", "figures": {"trapped": None, "evacuated": 3}}, ["险情现状"]),
        ({"kind": "disaster", "text": "进水。"}, ["受灾基本情况", "损失情况", "工作部署"]),
        ({"kind": "disaster", "text": "已组织排水。", "figures": {"affected": 9, "loss_10k_yuan": 0}}, []),
    ],
)
def test_what_is_left_out_is_named(values: dict[str, Any], missing: list[str]) -> None:
    assert lacks(**values) == missing


def test_a_fall_needs_an_explanation() -> None:
    falls = ["受灾人口由 20 减为 18"]
    assert lacks(falls=falls) == ["数字减少的说明（受灾人口由 20 减为 18）"]
    assert lacks(falls=falls, explanation="重复统计两人") == []
