"""Giving work to the background from a page."""

from typing import Any

from kombu.exceptions import OperationalError

from foundation.errors import DomainError


class BackgroundUnavailable(DomainError):
    """The broker takes no work; what was written before stays."""

    status = 503


def give(task: Any, *args: Any) -> None:
    """Queue a task; BackgroundUnavailable, in words for the person at the page, where nobody takes it."""
    try:
        task.delay(*args)
    except (OperationalError, OSError) as error:
        raise BackgroundUnavailable(
            "后台程序现在不接收任务，这一步还没有开始；已保存的内容不受影响。请几分钟后打开原来的页面再试，仍不成功请告诉系统管理员。"
        ) from error
