"""Rules for passwords: Django's in the portal's own words, and those that Django does not bring along."""

import string
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

from organizations.models import FormerPassword, User

CLASSES: tuple[Callable[[str], bool], ...] = (
    str.islower,
    str.isupper,
    str.isdigit,
    lambda character: character in string.punctuation or not character.isalnum(),
)


class LongEnoughValidator(MinimumLengthValidator):
    """A password has so many characters."""

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return f"密码至少 {self.min_length} 个字符。"


class NotOneselfValidator(UserAttributeSimilarityValidator):
    """A password does not resemble its owner's name or address."""

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return "密码不能与您的用户名、姓名或邮箱太相似。"


class NotCommonValidator(CommonPasswordValidator):
    """A password is not on the list of common ones."""

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return "密码不能是常见的密码。"


class NotAllDigitsValidator(NumericPasswordValidator):
    """A password is more than a number."""

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return "密码不能全是数字。"


class CharacterClassesValidator:
    """A password mixes small and capital letters, digits and other characters (等保 2.0, 8.1.4.1)."""

    def __init__(self, min_classes: int = 3) -> None:
        self.min_classes = min_classes

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError where it mixes too few."""
        if sum(any(map(is_one, password)) for is_one in CLASSES) < self.min_classes:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return f"密码须包含大写字母、小写字母、数字、其他符号中的至少 {self.min_classes} 类。"


class NotReusedValidator:
    """A password is not one of the last few."""

    def __init__(self, last: int = 5) -> None:
        self.last = last

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError where the person had it before."""
        if not isinstance(user, User) or user.pk is None:
            return
        former = FormerPassword.objects.filter(user=user).values_list("password", flat=True)[: self.last]
        if any(check_password(password, known) for known in {user.password, *former} if known):
            raise ValidationError(self.get_help_text(), code="password_reused")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return f"密码不能与最近用过的 {self.last} 个相同。"


def must_change_password(user: User, *, at: datetime) -> bool:
    """Whether the person has to choose another before anything else.

    Either somebody else gave it, or it is as old as ``PASSWORD_MAX_AGE_DAYS``; 0 there asks nobody.
    """
    if user.password_must_change:
        return True
    days: int = settings.PASSWORD_MAX_AGE_DAYS
    if not days or not user.has_usable_password():
        return False
    return at - (user.password_set_at or user.date_joined) >= timedelta(days=days)
