"""The stages in which stalled projects are dealt with."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the plan and its last day."""

    key: str
    name: str
    until: date


# As the plan lays them down; it also says "within three years", so both are shown (待确认).
STAGES = (
    Stage("deploy", "部署阶段", date(2022, 8, 15)),
    Stage("survey", "摸底阶段", date(2022, 8, 31)),
    Stage("propose", "提出处置方案和意见", date(2022, 10, 31)),
    Stage("dispose", "集中处置阶段", date(2023, 12, 31)),
)
WITHIN = "方案另称三年内完成盘活，与阶段时限不一致，待确认。"


def stage_of(key: str) -> Stage | None:
    """The stage of a key."""
    return next((stage for stage in STAGES if stage.key == key), None)
