"""The outbox: one row is one message to one person by one channel."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from notifications.querysets import MessageQuerySet


class Channel(models.TextChoices):
    """How a message travels; ``INBOX`` never leaves the portal."""

    INBOX = "inbox", "站内"
    EMAIL = "email", "电子邮件"
    DINGTALK = "dingtalk", "钉钉"
    WECOM = "wecom", "企业微信"
    FEISHU = "feishu", "飞书"
    WEBHOOK = "webhook", "网络回调"
    VOICE = "voice", "短信或语音"


class Topic(models.TextChoices):
    """What a message is about; it decides who else may read the delivery ledger."""

    TASK = "task", "任务"
    FLOOD = "flood", "防内涝"
    RECORD = "record", "公报"
    ACCOUNT = "account", "账号"


class Message(models.Model):
    """A message that waits, is being sent, was sent, failed or was cancelled.

    ``about`` names what it belongs to (``obligation:12``), so that all that
    still waits is cancelled when the matter is settled. ``dedupe_key`` starts
    with it and makes sure that the same reminder exists once. ``not_before``
    is when it was meant to go, ``attempt_at`` when it is tried next: later
    after a failure or because of quiet hours.
    """

    class State(models.TextChoices):
        PENDING = "pending", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已送达"
        FAILED = "failed", "未送达"
        CANCELLED = "cancelled", "已取消"

    dedupe_key = models.CharField("去重键", max_length=200, unique=True)
    about = models.CharField("所属事项", max_length=100, db_index=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="收件人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages",
    )
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = models.CharField("地址", max_length=500, blank=True)
    topic = models.CharField("类别", max_length=10, choices=Topic)
    subject = models.CharField("标题", max_length=120)
    body = models.TextField("正文", blank=True)
    url = models.CharField("链接", max_length=300, blank=True)
    urgent = models.BooleanField("不受免打扰限制", default=False)
    exercise = models.BooleanField("演练", default=False)
    not_before = models.DateTimeField("应发时间")
    attempt_at = models.DateTimeField("下次尝试")
    expires_at = models.DateTimeField("失效时间", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PENDING)
    leased_until = models.DateTimeField("占用至", null=True, blank=True)
    attempts = models.PositiveIntegerField("尝试次数", default=0)
    last_error = models.CharField("最近一次失败", max_length=300, blank=True)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    acknowledged_at = models.DateTimeField("应答时间", null=True, blank=True)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    created_at = models.DateTimeField("写入时间")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-not_before", "-pk"]
        indexes = [
            # The sweep looks every second: only what is still to be done is in these.
            models.Index(
                fields=["channel", "attempt_at"], name="message_pending", condition=Q(state="pending")
            ),
            models.Index(fields=["leased_until"], name="message_leased", condition=Q(state="sending")),
            models.Index(
                F("recipient"), F("sent_at").desc(), name="message_inbox", condition=Q(channel="inbox")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(address=""), name="message_goes_somewhere"
            ),
            models.CheckConstraint(
                condition=~Q(channel="inbox") | Q(recipient__isnull=False), name="inbox_has_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}（{self.get_channel_display()}）"

    @property
    def lateness_s(self) -> float | None:
        """Seconds between the time it was meant to go and its delivery; None before that."""
        return round((self.sent_at - self.not_before).total_seconds(), 3) if self.sent_at else None


class Attempt(models.Model):
    """One try to deliver a message, and how it ended."""

    message = models.ForeignKey(
        Message, verbose_name="消息", on_delete=models.CASCADE, related_name="attempt_rows"
    )
    number = models.PositiveIntegerField("第几次")
    started_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    delivered = models.BooleanField("送达", default=False)
    error = models.CharField("失败原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "发送记录"
        verbose_name_plural = "发送记录"
        ordering = ["message", "number"]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="attempt_number_once_per_message")
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 次，{'送达' if self.delivered else self.error or '未完成'}"
