"""Department names: aliases, prefixes, mentions in a running text."""

import pytest

from gazette.parser.departments import DepartmentNames
from gazette.parser.records import Vocabulary
from gazette.parser.responsibilities import read_leaders_line

KNOWN = Vocabulary(
    departments={
        "水利局": "水利局",
        "生态环境分局": "生态环境分局",
        "生态环境局": "生态环境分局",
        "市生态环境局分局": "生态环境分局",
        "市场监管局": "市场监管局",
        "城管 执法局": "城管执法局",
    }
)
NAMES = DepartmentNames(KNOWN)


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("水利局", "水利局"),
        ("市水利局", "水利局"),
        ("青河市水利局", "水利局"),
        (" 水 利\u3000局 ", "水利局"),
        ("市市场监管局", "市场监管局"),
        ("市场监管局", "市场监管局"),
        ("市生态环境局分局", "生态环境分局"),
        ("城管执法局", "城管执法局"),
        ("市河长 制办公室", "市河长制办公室"),
        ("市", "市"),
        ("", ""),
    ],
)
def test_a_printed_name_has_its_canonical_one(printed: str, canonical: str) -> None:
    assert NAMES.canonical(printed) == canonical


def test_where_the_city_is_given_a_department_of_another_one_is_unknown() -> None:
    names = DepartmentNames(KNOWN, "青河市")
    assert names.canonical("青河市水利局") == "水利局"
    assert names.canonical("柳湾市水利局") == "柳湾市水利局"
    assert not names.knows("柳湾市水利局")


def test_mentions_stand_in_order_each_once_and_the_longest_name_wins() -> None:
    text = "到市生态环境局分局、市场监管局调研，水利局和生态环境局、市场监管局参加。"
    assert NAMES.known(text) == ["生态环境分局", "市场监管局", "水利局"]


def test_a_department_of_a_higher_government_is_not_mentioned() -> None:
    assert NAMES.known("省水利局、自治区市场监管局派员指导。") == []


def test_without_names_nothing_is_mentioned() -> None:
    assert DepartmentNames(Vocabulary()).known("水利局") == []


def test_a_line_of_leaders_is_read_without_brackets() -> None:
    said = read_leaders_line("责任领导：程远山；责任部门：市水利局、市场监管局。", NAMES)
    assert said is not None
    assert (said.leaders, said.leads) == (("程远山",), ("市水利局", "市场监管局"))
    assert read_leaders_line("程远山是责任领导：一句话。", NAMES) is None
