"""The audit log is read in words: every action has a label, and is found by it."""

import pytest
from django.utils import timezone

from foundation.actionwords import called, is_told, label_of
from foundation.models import AuditEntry
from foundation.services.audit import append_entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("task.sign", "任务：签收"),
        ("flood_response.declare", "应急响应：启动"),
        ("event.withdraw", "大事记：撤回"),
        ("event.revision.publish", "大事记：签发更正"),
        ("directive.status.void", "政策文件：撤销状态变化"),
        ("department.merge.confirm", "部门：同意并入"),
        ("page.refuse", "页面：拒绝访问"),
        ("rescueteam.change", "抢险队伍：修改"),
    ],
)
def test_a_code_is_called_by_subject_and_verb(action: str, words: str) -> None:
    assert label_of(action) == words
    assert is_told(action)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("", "："),
        ("task", "任务："),
        ("nobody.create", "nobody：新建"),
        ("task.nothing_known", "任务：nothing_known"),
    ],
)
def test_an_unknown_code_stays_readable_and_is_noticed(action: str, words: str) -> None:
    assert label_of(action) == words
    assert not is_told(action)


@pytest.fixture
def rows() -> None:
    for action in ("task.sign", "task.withdraw", "ledger_row.sign", "event.withdraw", "flood_action.call"):
        append_entry(
            at=timezone.now(),
            actor_id=None,
            actor_label="系统",
            action=action,
            object_type="taskboard.Task",
            object_id="1",
            object_label="清沟",
            before={},
            after={},
        )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("task.", {"task.sign", "task.withdraw"}),
        ("任务", {"task.sign", "task.withdraw"}),
        ("任务：签收", {"task.sign"}),
        ("签字", {"ledger_row.sign"}),
        ("撤回", {"task.withdraw", "event.withdraw"}),
        ("叫应", {"flood_action.call"}),
        ("响应行动：", {"flood_action.call"}),
        ("没有这个词", set()),
    ],
)
def test_rows_are_found_by_words_and_by_code(rows: None, words: str, found: set[str]) -> None:
    assert set(AuditEntry.objects.filter(called(words)).values_list("action", flat=True)) == found
