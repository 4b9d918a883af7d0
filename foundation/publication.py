"""How a record comes before the public and leaves it again: the table of steps, pure."""

from dataclasses import dataclass

DRAFT, REVIEW, PUBLISHED, WITHDRAWN = "draft", "review", "published", "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """From which states to which; ``signs`` needs the right to publish, else the right to change.

    ``another`` asks for somebody else than who changed the record last.
    """

    word: str
    sources: frozenset[str]
    target: str
    signs: bool
    needs_reason: bool = False
    another: bool = False


STEPS = {
    "submit": Step("提交签发", frozenset({DRAFT}), REVIEW, signs=False),
    "publish": Step("签发发布", frozenset({DRAFT, REVIEW}), PUBLISHED, signs=True, another=True),
    "return": Step("退回修改", frozenset({REVIEW}), DRAFT, signs=True, needs_reason=True),
    "withdraw": Step("撤回", frozenset({PUBLISHED}), WITHDRAWN, signs=True, needs_reason=True),
    "reopen": Step("重新起草", frozenset({WITHDRAWN}), DRAFT, signs=False, needs_reason=True),
}


def steps_from(state: str, *, may_change: bool, may_sign: bool) -> list[tuple[str, Step]]:
    """The steps that somebody with these rights may take from a state."""
    return [
        (name, step)
        for name, step in STEPS.items()
        if state in step.sources and (may_sign if step.signs else may_change)
    ]
