"""``Authorization: Token …`` for the API and for printouts."""

from typing import Any

from django.utils import timezone
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from organizations.models import ApiToken, User
from organizations.rules import REPORTING
from organizations.services.tokens import token_behind

BEYOND_SCOPE = "这个令牌的范围是“{}”，不能办理此事。请换用范围更大的令牌，或登录后在网页上办理。"


class ApiTokenAuthentication(TokenAuthentication):
    """A token in force, used within its scope."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Who calls; None without such a header."""
        found: tuple[User, ApiToken] | None = super().authenticate(request)
        if found is not None and not is_within_scope(request, found[1].scope):
            raise PermissionDenied(BEYOND_SCOPE.format(found[1].get_scope_display()))
        return found

    def authenticate_credentials(self, key: str) -> Any:
        """The person and the token."""
        token = token_behind(key, at=timezone.now())
        if token is None:
            raise AuthenticationFailed("令牌无效、已到期或已收回。请核对令牌，或请系统管理员重新生成。")
        return token.user, token


def is_within_scope(request: Request, scope: str) -> bool:
    """Reading is open to every token, reporting to the two upper ones, the rest to the last."""
    if scope == ApiToken.Scope.ALL or request.method in SAFE_METHODS:
        return True
    match = getattr(request, "resolver_match", None)
    return scope == ApiToken.Scope.REPORT and match is not None and match.view_name in REPORTING
