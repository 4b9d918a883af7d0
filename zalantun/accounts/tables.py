"""People and tokens as rows, for the pages and for office programs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from organizations.models import ApiToken, RoleAssignment, User
from organizations.secondfactor import FACTORS

PEOPLE = ("用户名", "姓名", "角色", "状态", "两步验证", "最近登录")
TOKENS = ("用途", "用户", "站网", "范围", "开头", "生成", "到期", "最近使用", "状态")


def people() -> QuerySet[User]:
    """Accounts with their roles, and ``factor``: whether a second one is set up."""
    roles = Prefetch("assignments", RoleAssignment.objects.select_related("department"))
    factor = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
    return User.objects.prefetch_related(roles).annotate(factor=factor)


def tokens() -> QuerySet[ApiToken]:
    """Tokens with whose they are."""
    return ApiToken.objects.select_related("user", "user__gauge_network")


def people_rows(found: Iterable[User]) -> Iterator[Sequence[str]]:
    """Below ``PEOPLE``."""
    for user in found:
        yield (
            user.username,
            user.display_name,
            "；".join(_role(held) for held in user.assignments.all()),
            _state(user),
            "已启用" if user.factor else "未启用",  # type: ignore[attr-defined]  # annotated
            _moment(user.last_login),
        )


def _state(user: User) -> str:
    if not user.is_active:
        return "已停用"
    return "待核实" if user.to_verify_since else "在用"


def token_rows(found: Iterable[ApiToken], now: datetime) -> Iterator[Sequence[str]]:
    """Below ``TOKENS``."""
    for token in found:
        network = getattr(token.user, "gauge_network", None)
        state = "已收回" if token.revoked_at else "已到期" if token.expires_at <= now else "有效"
        yield (
            token.name,
            str(token.user),
            network.network if network else "",
            token.get_scope_display(),
            token.start,
            _moment(token.issued_at),
            _moment(token.expires_at),
            _moment(token.last_used_at),
            state,
        )


def _role(held: RoleAssignment) -> str:
    return f"{held.get_role_display()}（{held.department}）" if held.department else held.get_role_display()


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
