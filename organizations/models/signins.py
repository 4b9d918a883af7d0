"""What belongs to signing in: former passwords, open sign-ins, tokens of the API."""

from django.db import models
from django.utils.timezone import localtime

from organizations.models.users import User
from organizations.querysets import ApiTokenQuerySet


class FormerPassword(models.Model):
    """A password, as a hash, that a person has used: it is not chosen again soon."""

    user = models.ForeignKey(
        User, verbose_name="用户", on_delete=models.CASCADE, related_name="former_passwords"
    )
    password = models.CharField("密码摘要", max_length=128)
    set_at = models.DateTimeField("启用时间")

    class Meta:
        verbose_name = "曾用密码"
        verbose_name_plural = "曾用密码"
        ordering = ["-set_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {localtime(self.set_at):%Y-%m-%d}"


class BrowserSession(models.Model):
    """A sign-in that lasts: which browser, from where, since when. Its session itself is Django's row."""

    user = models.ForeignKey(
        User, verbose_name="用户", on_delete=models.CASCADE, related_name="browser_sessions"
    )
    # The key is a secret: who knows it is signed in. Only its hash is shown to anybody.
    session_key = models.CharField("会话", max_length=40, unique=True)
    signed_in_at = models.DateTimeField("登录时间")
    address = models.CharField("来源地址", max_length=64, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)

    class Meta:
        verbose_name = "登录会话"
        verbose_name_plural = "登录会话"
        ordering = ["-signed_in_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {localtime(self.signed_in_at):%Y-%m-%d %H:%M}"


class ApiToken(models.Model):
    """A token for the API. Its text is shown once; only a hash of it is kept."""

    class Scope(models.TextChoices):
        """What may be done with it, within what the person may do."""

        READ = "read", "只读"
        REPORT = "report", "报送"
        ALL = "all", "全部"

    user = models.ForeignKey(User, verbose_name="用户", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField("用途", max_length=80)
    scope = models.CharField("范围", max_length=10, choices=Scope)
    start = models.CharField("令牌开头", max_length=8)
    digest = models.CharField("令牌摘要", max_length=64, unique=True)
    issued_at = models.DateTimeField("生成时间")
    issued_by = models.ForeignKey(
        User, verbose_name="生成人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField("到期时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "接口令牌"
        verbose_name_plural = "接口令牌"
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}（{self.start}…）"
