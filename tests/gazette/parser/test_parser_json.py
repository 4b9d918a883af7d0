"""The object that the dry run prints."""

import json
from datetime import date

from gazette.parser import parse_gazette, to_json
from gazette.parser.records import Gazette, Vocabulary

TEXT = """# 2023年3月大事记

**3~5日** 青河市召开春耕调度会。

# 青河市人民政府办公室关于印发《青河市清河行动方案》的通知

青政办发[2023]6号

各乡镇、街道，市直各部门：

请认真落实《河道管理条例》。

2023年3月6日

青河市清河行动方案

一、组织机构

成立领导小组，组成人员如下：

组 长：程 远 山 市长

二、重点任务

（一）整治河道

1.清理河段。（牵头部门：水利局；配合部门：住建局；完成时限：6月底）

2.补种林木。（牵头部门：水利局）

（此件公开发布）
"""

KEYS = {
    "events": {"start_date", "end_date", "position", "text"},
    "directives": {
        "title", "number", "issuer", "issued_on", "addressees", "is_public", "release_note",
        "sections", "rosters", "citations", "annexes",
    },
    "tasks": {"directive", "part", "subsection", "number", "text", "lead", "support", "due_on", "due_text"},
}  # fmt: skip


def test_every_agreed_key_is_there(vocabulary: Vocabulary) -> None:
    told = to_json(parse_gazette(TEXT, vocabulary))
    assert {"events", "directives", "tasks", "warnings"} <= set(told)
    for name, keys in KEYS.items():
        assert told[name]
        assert all(keys <= set(row) for row in told[name])
    (document,) = told["directives"]
    assert {"depth", "number", "heading", "text"} <= set(document["sections"][0])
    assert {"name", "members"} <= set(document["rosters"][0])
    assert {"role", "name", "post"} <= set(document["rosters"][0]["members"][0])
    assert {"title", "number"} <= set(document["citations"][0])


def test_the_values_are_plain_and_dates_are_iso_or_null(vocabulary: Vocabulary) -> None:
    told = json.loads(json.dumps(to_json(parse_gazette(TEXT, vocabulary)), ensure_ascii=False))
    assert told["events"][0]["start_date"] == "2023-03-03"
    assert told["events"][0]["end_date"] == "2023-03-05"
    (document,) = told["directives"]
    assert document["issued_on"] == "2023-03-06"
    assert document["number"] == "青政办发〔2023〕6号"
    assert document["addressees"] == ["各乡镇、街道", "市直各部门"]
    assert document["is_public"] is True
    assert document["rosters"][0]["members"] == [{**document["rosters"][0]["members"][0], "name": "程远山"}]
    first, second = told["tasks"]
    assert (first["lead"], first["support"]) == (["水利局"], ["住建局"])
    assert (first["due_on"], first["due_text"]) == ("2023-06-30", "6月底")
    assert (second["due_on"], second["due_text"]) == (None, "")


def test_warnings_carry_line_code_and_message(vocabulary: Vocabulary) -> None:
    text = "# 2023年11月大事记\n\n3日 青河市召开会议。\n\n31日 柳湾镇举办画展。\n"
    (warning,) = [w for w in to_json(parse_gazette(text, vocabulary))["warnings"] if w["code"] == "bad_date"]
    assert warning["line"] == 5
    assert isinstance(warning["message"], str)


def test_words_outside_numbered_sections_are_told_too(vocabulary: Vocabulary) -> None:
    told = json.dumps(to_json(parse_gazette(TEXT, vocabulary)), ensure_ascii=False)
    assert "请认真落实" in told
    assert "成立领导小组" in told


def test_an_empty_gazette_is_an_object_of_empty_lists() -> None:
    told = to_json(Gazette(title=""))
    assert all(told[name] == [] for name in ("events", "directives", "tasks", "warnings"))


def test_the_real_gazette_is_told_whole(seed: Gazette) -> None:
    told = to_json(seed)
    assert [len(told[name]) for name in ("events", "directives", "tasks")] == [91, 7, 107]
    assert {date.fromisoformat(e["start_date"]).month for e in told["events"]} == {7, 8}
    assert json.loads(json.dumps(told)) == told
