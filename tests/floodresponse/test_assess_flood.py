"""``assess_flood``: JSON in, the recommended level out; what cannot be read is named in one sentence."""

import io
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st

from floodresponse.levels import UnusableObservation, assess
from floodresponse.observed import SIGN_CODES, as_json, read_matrix, read_observations
from floodresponse.thresholds import UnusableMatrix

AT = "2022-07-26T12:00:00+08:00"
EARLIER = "2022-07-26T11:30:00+08:00"
PLAN = Path(__file__).resolve().parents[2] / "fixtures" / "flood_plan.json"
RAIN = {"gauge": "正阳", "at": EARLIER, "mm": 1}
POND = {"point": "南门", "at": EARLIER, "cm": 1}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command; status, standard output and error output."""

    def call(given: object, *options: str) -> tuple[int, str, str]:
        raw = given if isinstance(given, bytes) else json.dumps(given).encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("assess_flood", *options, stdout=out, stderr=err)
        except SystemExit as stop:
            return int(str(stop.code)), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return call


def assessed(run: Run, **given: Any) -> dict[str, Any]:
    """What is printed for observations at noon."""
    status, out, err = run({"at": AT, **given}, "-", "--json")
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_it_needs_no_database(run: Run) -> None:
    assert assessed(run)["level"] is None


def test_the_printed_object(run: Run) -> None:
    found = assessed(
        run,
        rain=[RAIN | {"mm": 60.5}],
        ponding=[POND | {"cm": 20}],
        signs=["utility_cut"],
        expected_gauges=["正阳", "河西"],
        max_silence_minutes=30,
    )
    assert (found["level"], found["complete"], found["silent"]) == ("II", False, ["河西"])
    assert found["single_station"] is True
    assert found["reasons"][0] == {
        "level": "II",
        "criterion": "rain_3h",
        "where": "正阳",
        "value": 60.5,
        "threshold": 50,
        "from": "2022-07-26T09:00:00+08:00",
        "to": AT,
        "single": True,
    }
    told = [(r["level"], r["criterion"], r["value"]) for r in found["reasons"]]
    assert told == [
        ("II", "rain_3h", 60.5),
        ("III", "rain_6h", 60.5),
        ("IV", "ponding", 20),
        ("I", "sign", "utility_cut"),
    ]


def test_decimals_are_summed_exactly(run: Run) -> None:
    drops = [RAIN | {"at": f"2022-07-26T11:{n:02}:00+08:00", "mm": 0.1} for n in range(50)]
    drops += [RAIN | {"at": f"2022-07-26T10:{n:02}:00+08:00", "mm": 0.3} for n in range(50)]
    found = assessed(run, rain=drops)
    assert found["level"] == "IV"
    assert [reason["value"] for reason in found["reasons"]] == [20]


@pytest.mark.parametrize(("cm", "level"), [(19.9, None), (20, "IV"), (20.1, "III"), (30, "II"), (50, "I")])
def test_depths(run: Run, cm: float, level: str | None) -> None:
    assert assessed(run, ponding=[POND | {"cm": cm}])["level"] == level


def test_how_long_a_depth_counts_can_be_given(run: Run) -> None:
    deep = [POND | {"cm": 60}]
    assert assessed(run, ponding=deep, ponding_valid_minutes=30)["level"] == "I"
    assert assessed(run, ponding=deep, ponding_valid_minutes=29.9)["level"] is None
    assert assessed(run, ponding=deep, ponding_valid_minutes=0)["level"] is None


def test_a_file_is_read_with_or_without_a_mark_and_in_any_offset(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "观测.json"
    given = {"at": "2022-07-26T04:00:00Z", "rain": [RAIN | {"mm": 100}]}
    for mark in (b"", b"\xef\xbb\xbf"):
        file.write_bytes(mark + json.dumps(given).encode())
        status, out, _ = run(b"", str(file), "--json")
        assert (status, json.loads(out)["level"]) == (0, "I")


def test_standard_input_is_read_when_no_file_is_named(run: Run) -> None:
    status, out, _ = run({"at": AT, "ponding": [POND | {"cm": 35}]}, "--json")
    assert (status, json.loads(out)["level"]) == (0, "II")


def test_in_words(run: Run) -> None:
    status, out, _ = run(
        {
            "at": AT,
            "rain": [RAIN | {"mm": 60}],
            "ponding": [POND | {"cm": 25}],
            "signs": ["jam"],
            "expected_gauges": ["河西"],
        }
    )
    assert status == 0
    assert "建议级别：II 级（橙），单点" in out
    assert "数据不全：河西 超过 30 分钟没有数据" in out
    assert "II 级：正阳 3 小时雨量 60 mm（门槛 50 mm，单点）" in out
    assert "III 级：南门 积水深度 25 cm" in out
    assert "旁证（IV 级）：" in out
    assert "由人决定" in out


def test_no_level_in_words(run: Run) -> None:
    assert "建议级别：无" in run({"at": AT})[1]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "没有评估时刻"),
        ([], "不是一个 JSON 对象"),
        ({"at": "2022-07-26T12:00:00"}, "时区"),
        ({"at": "2022-07-26"}, "时区"),
        ({"at": 7}, "不是可读的时间"),
        ({"at": "昨天"}, "不是可读的时间"),
        ({"at": "0001-01-01T00:00:00+08:00"}, "不是合理的时间"),
        ({"at": AT, "rains": []}, "“rains”"),
        ({"at": AT, "rain": None}, "rain 不是列表"),
        ({"at": AT, "rain": {}}, "rain 不是列表"),
        ({"at": AT, "rain": [1]}, "雨量第 1 条"),
        ({"at": AT, "rain": [{"gauge": "正阳", "at": AT}]}, "雨量第 1 条缺少 mm"),
        ({"at": AT, "rain": [RAIN | {"gauge": ""}]}, "雨量第 1 条的 gauge"),
        ({"at": AT, "rain": [RAIN | {"gauge": 5}]}, "雨量第 1 条的 gauge"),
        ({"at": AT, "rain": [RAIN | {"gauge": "甲\n乙"}]}, "雨量第 1 条的 gauge"),
        ({"at": AT, "rain": [RAIN | {"gauge": "\ud800"}]}, "雨量第 1 条的 gauge"),
        ({"at": AT, "rain": [RAIN, RAIN | {"at": "2022-07-26T11:00:00"}]}, "雨量第 2 条（“正阳”）的 at"),
        ({"at": AT, "rain": [RAIN | {"mm": "多"}]}, "雨量第 1 条（“正阳”）的 mm"),
        ({"at": AT, "rain": [RAIN | {"mm": None}]}, "雨量第 1 条（“正阳”）的 mm"),
        ({"at": AT, "rain": [RAIN | {"mm": True}]}, "雨量第 1 条（“正阳”）的 mm"),
        ({"at": AT, "rain": [RAIN | {"mm": -0.1}]}, "雨量第 1 条（雨量站“正阳”"),
        ({"at": AT, "rain": [RAIN | {"mm": float("nan")}]}, "雨量第 1 条（雨量站“正阳”"),
        ({"at": AT, "rain": [RAIN | {"mm": float("inf")}]}, "雨量第 1 条（雨量站“正阳”"),
        ({"at": AT, "rain": [RAIN | {"mm": 10**30}]}, "雨量第 1 条（雨量站“正阳”"),
        ({"at": AT, "rain": [RAIN | {"at": "2022-07-26T12:00:01+08:00"}]}, "晚于评估时刻"),
        ({"at": AT, "rain": [RAIN, POND, RAIN]}, "雨量第 2 条缺少 gauge"),
        ({"at": AT, "rain": [RAIN, RAIN]}, "雨量第 2 条（雨量站“正阳”"),
        ({"at": AT, "ponding": [POND | {"cm": -1}]}, "积水第 1 条（积水点“南门”"),
        ({"at": AT, "ponding": [POND, POND]}, "积水第 2 条（积水点“南门”"),
        ({"at": AT, "signs": ["jam", "洪水"]}, "现场现象第 2 个（洪水）"),
        ({"at": AT, "signs": [["jam"]]}, "现场现象第 1 个"),
        ({"at": AT, "expected_gauges": [3]}, "应报雨量站第 1 个"),
        ({"at": AT, "max_silence_minutes": -1}, "max_silence_minutes"),
        ({"at": AT, "ponding_valid_minutes": "长"}, "ponding_valid_minutes"),
        (b"", "不是有效的 JSON"),
        (b"{", "不是有效的 JSON"),
        (b"[" * 100_000, "嵌套过深"),
        (b"\xff\xfe\x00", "不是 UTF-8"),
        (b'{"at": 1, "at": 2}', "两个“at”"),
        (b'{"at": ' + b"9" * 5000 + b"}", "不是可读的时间"),
    ],
)
def test_what_cannot_be_read_is_named_in_one_sentence(run: Run, given: object, words: str) -> None:
    status, out, err = run(given, "--json")
    assert (status, out) == (1, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1 and err.strip().endswith("。")


def test_a_number_written_as_text_is_a_number(run: Run) -> None:
    assert assessed(run, ponding=[POND | {"cm": "20.10"}])["level"] == "III"


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    status, _, err = run(b"", str(tmp_path / "无.json"))
    assert status == 1 and "无.json" in err
    assert run(b"", str(tmp_path))[0] == 1


def test_bad_usage(run: Run) -> None:
    with pytest.raises(CommandError, match="unrecognized arguments"):
        run(b"", "--level", "I")


# -- another matrix ------------------------------------------------------------------------


def matrix_file(folder: Path, **content: Any) -> str:
    file = folder / "matrix.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


def test_another_matrix(run: Run, tmp_path: Path) -> None:
    rows = [
        {"level": "I", "criterion": "rain_3h", "lower": 10.5},
        {"level": 2, "kind": "rain_6h", "lower": "5"},
        {"level": 3, "kind": "ponding", "lower": 8, "lower_inclusive": False, "upper": None},
    ]
    path = matrix_file(tmp_path, criteria=rows)
    for seen, level in (
        ({"rain": [RAIN | {"mm": 10.5}]}, "I"),
        ({"rain": [RAIN | {"mm": 10.4}]}, "II"),
        ({"ponding": [POND | {"cm": 8}]}, None),
        ({"ponding": [POND | {"cm": 8.1}]}, "III"),
    ):
        status, out, _ = run({"at": AT, **seen}, "--json", "--matrix", path)
        assert (status, json.loads(out)["level"]) == (0, level)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "criteria"),
        ({"criteria": []}, "没有任何启动条件"),
        ({"criteria": [1]}, "第 1 条"),
        ({"criteria": [{"level": 1, "kind": "wind", "lower": 1}]}, "kind（wind）"),
        ({"criteria": [{"level": 5, "kind": "ponding", "lower": 1}]}, "级别（5）"),
        ({"criteria": [{"level": 1, "kind": "ponding"}]}, "下限"),
        ({"criteria": [{"level": 1, "kind": "ponding", "lower": 1, "lower_inclusive": 1}]}, "true 或 false"),
        (
            {
                "criteria": [
                    {"level": 1, "kind": "rain_3h", "lower": 40},
                    {"level": 2, "kind": "rain_3h", "lower": 50},
                ]
            },
            "没有包含",
        ),
        ({"criteria": [{"level": 1, "kind": "ponding", "lower": 1}], "signs": [{}]}, "code"),
    ],
)
def test_a_matrix_that_cannot_be_used(run: Run, tmp_path: Path, content: Any, words: str) -> None:
    status, out, err = run({"at": AT}, "--matrix", matrix_file(tmp_path, **content))
    assert (status, out) == (1, "")
    assert words in err and "matrix.json" in err


def test_every_sign_of_the_agreed_codes_stands_in_the_default_matrix() -> None:
    matrix = read_matrix(PLAN.read_text(encoding="utf-8"))
    assert {sign.code for sign in matrix.signs} == SIGN_CODES


# -- what always holds ---------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | st.just(AT),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["at", "rain", "ponding", "signs", "gauge", "point", "mm", "cm", "criteria", "kind"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(json_values)
def test_no_json_raises_anything_but_the_agreed_refusal(given: object) -> None:
    matrix = read_matrix(PLAN.read_text(encoding="utf-8"))
    for content in (given, {"at": AT, "rain": given}, {"at": AT, "rain": [RAIN, given]}):
        text = json.dumps(content)
        with suppress(UnusableObservation):
            told = json.loads(json.dumps(as_json(assess(read_observations(text), matrix))))
            assert set(told) == {"level", "complete", "silent", "single_station", "reasons"}
        with suppress(UnusableMatrix):
            assert read_matrix(text).rules


def seconds_to_assess(lines: int) -> float:
    """Processor time of that many readings of 200 gauges, read and assessed."""
    rain = [
        {
            "gauge": f"站{n % 200}",
            "at": f"2022-07-26T{10 - n // 60000:02}:{n // 1000 % 60:02}:{n // 200 % 5:02}Z",
            "mm": 0.5,
        }
        for n in range(lines)
    ]
    text = json.dumps({"at": "2022-07-26T12:00:00Z", "rain": rain})
    matrix = read_matrix(PLAN.read_text(encoding="utf-8"))
    start = time.process_time()
    found = assess(read_observations(text), matrix)
    spent = time.process_time() - start
    assert found.level is not None
    return spent


@pytest.mark.slow
def test_a_hundred_thousand_readings_cost_their_number_and_no_more() -> None:
    """Four times as many: a linear reader needs four times as long, a quadratic one sixteen times."""
    assert any(seconds_to_assess(100_000) <= 9 * seconds_to_assess(25_000) for _ in range(3))
