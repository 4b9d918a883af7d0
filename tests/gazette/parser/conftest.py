"""What the reader's tests share: a hand-built vocabulary and the real gazette, read once."""

from pathlib import Path

import pytest

from gazette.parser import parse_gazette, read_text
from gazette.parser.records import Gazette, Vocabulary

SEED = Path("seeds", "000_12842e03b5917e95.txt")

CANONICAL = [
    *("住建局", "城管执法局", "自然资源局", "公安局", "交通运输局", "景区管理局", "财政局", "街道办事处"),
    *("消防救援大队", "林草局", "水利局", "生态环境分局", "市场监管局", "融媒体中心", "卫健委", "工信局"),
    *("应急管理局", "发改委", "民政局", "政务服务局", "农科局", "教育局", "气象局"),
]

ALIASES = {
    "执法局": "城管执法局",
    "交通局": "交通运输局",
    "生态环境局": "生态环境分局",
    "市生态环境局分局": "生态环境分局",
    "市场监督管理局": "市场监管局",
    "融媒体": "融媒体中心",
    "应急局": "应急管理局",
}

VARIANTS = {"吴枕东": "吴忱东", "吴忱东": "吴忱东", "鲁焱": "鲁垚", "鲁垚": "鲁垚"}


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Departments with their aliases and two misprinted names."""
    return Vocabulary(departments={**{name: name for name in CANONICAL}, **ALIASES}, people=VARIANTS)


@pytest.fixture(scope="session")
def seed_text(shared_folder: Path) -> str:
    """The real gazette as text."""
    return read_text((shared_folder / SEED).read_bytes())


@pytest.fixture(scope="session")
def seed(seed_text: str, vocabulary: Vocabulary) -> Gazette:
    """The real gazette, read."""
    return parse_gazette(seed_text, vocabulary)
