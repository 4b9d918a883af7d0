"""How sign-in behaves here, and what of it goes on record.

The library calls these methods at the moment itself, with the request at hand;
its signals, or Django's, would say the same in another place and unordered.
"""

import base64
import hashlib
import time
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from foundation.addresses import client_address
from foundation.errors import PermissionRefused
from foundation.idleness import SIGNED_IN
from organizations.models import User
from organizations.rules import SECOND_FACTOR_ROLES, roles_of
from organizations.secondfactor import FACTORS, has_second_factor
from organizations.services.passwords import note_new_password
from organizations.services.sessions import drop_sessions, follow_session, forget_session, note_session
from organizations.services.signins import (
    record_failed_sign_in,
    record_identity,
    record_password_change,
    record_second_factor,
    record_sign_in,
    record_sign_out,
)
from organizations.signals import person_waits

# Carries the key of a session over to the one that it has after a new password.
FORMER_KEY = "former_session_key"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the system administrator, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # Thirty minutes: ACCOUNT_RATE_LIMITS.
        "too_many_login_attempts": (
            "登录失败次数过多，已暂停登录，最长 30 分钟。请过后再试；忘记密码请联系系统管理员重设。"
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits of tries are counted by."""
        return client_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The name alone: the library adds the host, and a caller writes any port into that."""
        return str(credentials.get("username", "")).lower()

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """On record."""
        super().login(request, user)
        if isinstance(user, User):
            now = timezone.now()
            request.session[SIGNED_IN] = time.time()
            note_session(
                user=user,
                at=now,
                session_key=request.session.session_key or "",
                address=client_address(request),
                agent=request.headers.get("User-Agent", ""),
            )
            record_sign_in(user=user, at=now)

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        """Whoever has a second factor proves it with that: the password alone may be known to others."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if isinstance(user, User) and has_second_factor(user):
            return [way for way in ways if way["id"] != "reauthenticate"]
        return ways

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """On record, with the name alone."""
        super().authentication_failed(request, **credentials)
        record_failed_sign_in(username=str(credentials.get("username", "")), at=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        """On record."""
        user = request.user
        forget_session(request.session.session_key)
        super().logout(request)
        if isinstance(user, User):
            record_sign_out(user=user, at=timezone.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where the age of the new password stands; not to the empty form again."""
        return reverse("security:own")

    @transaction.atomic
    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """One's own new password, on record; whoever else is in with the old one is out."""
        super().set_password(user, password)
        if isinstance(user, User):
            now, here = timezone.now(), self.request.session.session_key if self.request else None
            note_new_password(user=user, at=now, given_by_another=False)
            record_password_change(user=user, at=now)
            drop_sessions(actor=user, at=now, user=user, reason="本人修改密码", keep=here)
            if here:
                self.request.session[FORMER_KEY] = here
            if user.to_verify_since:
                person_waits.send(sender=User, at=now, user=user)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """A second factor set up or taken away: on record instead, as not everybody has a mailbox here.

        After a new password the session has another key by now: what is listed goes on with it.
        """
        if template_prefix.startswith("mfa/"):
            record_second_factor(user=user, what=template_prefix.rpartition("/")[2], at=timezone.now())
        elif self.request and (former := self.request.session.pop(FORMER_KEY, None)):
            follow_session(old_key=former, new_key=self.request.session.session_key or "")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are not kept in the clear, their changes go on record."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "您的角色须启用两步验证，最后一种验证方式不能删除；请先添加另一种。",
        "incorrect_code": (
            "没有通过验证。动态码请核对手机时间，用最新的一组；恢复码请用没有用过的；密钥请用本账号的。"
        ),
    }

    def encrypt(self, text: str) -> str:
        """By a key that follows from SECRET_KEY."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Also what an older SECRET_KEY of SECRET_KEY_FALLBACKS had encrypted."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise PermissionRefused(
                "两步验证的密钥无法读取，可能是更换了 SECRET_KEY。请联系系统管理员解除后重新设置。"
            ) from error

    def get_totp_issuer(self) -> str:
        """The portal's name, as the app on the phone shows it."""
        return str(settings.SITE_NAME)

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        """The name one signs in with."""
        return user.get_username()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who has to have one keeps the last."""
        user = authenticator.user
        if not settings.MFA_REQUIRED or authenticator.type not in FACTORS:
            return True
        if roles_of(user).isdisjoint(SECOND_FACTOR_ROLES):
            return True
        others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return bool(others.exists())


class CitySignOnAdapter(DefaultSocialAccountAdapter):
    """The city's single sign-on opens accounts that are here already, by their name; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Closed."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Nothing of the city's profile is taken over: whoever has no account here gets none."""
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Match the name that the city vouches for to an account here.

        A name counts once: afterwards the person is known by the city's own number, so that
        a name which the city gives to a successor does not open the account of who left.
        """
        name, now = _claimed_name(sociallogin), timezone.now()
        if sociallogin.state.get("process") != "login" or _disagrees(sociallogin):
            _turn_away(request, name, "统一身份认证只用于登录，这次给出的结果不能使用。请返回登录页重试。")
        if sociallogin.is_existing:
            return
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        if user is None:
            said = name or "（未提供用户名）"
            _turn_away(
                request,
                name,
                f"统一身份认证中的“{said}”在本门户没有可用的账号。请联系系统管理员开设同名账号。",
            )
        elif SocialAccount.objects.filter(user=user, provider=sociallogin.account.provider).exists():
            _turn_away(
                request,
                name,
                f"本门户的账号“{name}”已与另一个统一身份绑定。如确是本人，请联系安全管理员解除原绑定。",
            )
        else:
            sociallogin.connect(request, user)
            record_identity(user=user, at=now, uid=sociallogin.account.uid)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """None: the sign-in itself goes on record."""


def _claimed_name(sociallogin: SocialLogin) -> str:
    """The claim that names the account: ``OIDC_USERNAME_CLAIM`` of the profile or the id token."""
    data = sociallogin.account.extra_data
    for part in (data.get("userinfo"), data.get("id_token"), data):
        if isinstance(part, dict) and isinstance(part.get(settings.OIDC_USERNAME_CLAIM), str):
            return str(part[settings.OIDC_USERNAME_CLAIM])
    return ""


def _disagrees(sociallogin: SocialLogin) -> bool:
    """Whether the profile is of somebody else than the token (OpenID Connect Core, 5.3.2)."""
    parts = [sociallogin.account.extra_data.get(part) for part in ("userinfo", "id_token")]
    return len({part.get("sub") for part in parts if isinstance(part, dict)}) > 1


def _turn_away(request: HttpRequest, name: str, sentence: str) -> NoReturn:
    record_failed_sign_in(username=name, at=timezone.now())
    page = render(request, "socialaccount/no_account.html", {"sentence": sentence}, status=403)
    raise ImmediateHttpResponse(page)


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factor " + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
