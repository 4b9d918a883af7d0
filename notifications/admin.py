"""The outbox in the admin: whether messages arrive, not what they say.

Addresses hold tokens of robots and telephone numbers, texts may tell of
casualties: neither is shown here.
"""

from django.contrib import admin

from foundation.admin import PartsInline, RecordAdmin
from notifications.models import Attempt, Contact, Message, Preference

VIEW = "notifications.view_outbox"


class AttemptInline(PartsInline):
    """Tries of a message."""

    model = Attempt


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    """Messages."""

    may_view = VIEW
    where_to_change = (
        "消息由系统写入和发送，任何人不能改动；未送达的在“送达台账”页重发。正文和地址不在此显示。"
    )
    list_display = (
        "subject", "topic", "channel", "recipient", "state", "not_before", "sent_at", "attempts",
        "last_error",
    )  # fmt: skip
    list_filter = ("state", "channel", "topic", "urgent", "exercise")
    search_fields = ("subject", "about", "recipient__username", "recipient__display_name", "last_error")
    date_hierarchy = "not_before"
    list_select_related = ("recipient",)
    fields = (
        "subject", "topic", "channel", "recipient", "about", "dedupe_key", "urgent", "exercise", "state",
        "not_before", "attempt_at", "expires_at", "attempts", "last_error", "sent_at", "read_at",
        "acknowledged_at", "cancelled_at", "cancel_reason", "created_at",
    )  # fmt: skip
    inlines = (AttemptInline,)


@admin.register(Attempt)
class AttemptAdmin(RecordAdmin):
    """Tries to deliver."""

    may_view = VIEW
    where_to_change = "发送记录由系统写入，任何人不能改动。"
    list_display = ("message", "number", "started_at", "ended_at", "delivered", "error")
    list_filter = ("delivered", "message__channel")
    search_fields = ("message__subject", "error")
    date_hierarchy = "started_at"
    list_select_related = ("message",)


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    """Where people are reached beside the inbox; the address itself is theirs."""

    may_view = VIEW
    where_to_change = "联系方式由本人在“提醒方式”页添加和删除；地址只有本人能看到。"
    list_display = ("user", "channel", "is_enabled", "urgent_only")
    list_filter = ("channel", "is_enabled", "urgent_only")
    search_fields = ("user__username", "user__display_name")
    list_select_related = ("user",)
    fields = ("user", "channel", "is_enabled", "urgent_only")


@admin.register(Preference)
class PreferenceAdmin(RecordAdmin):
    """Quiet hours and digests."""

    may_view = VIEW
    where_to_change = "提醒偏好由本人在“提醒方式”页修改。"
    list_display = ("user", "quiet_from", "quiet_until", "digest_at")
    search_fields = ("user__username", "user__display_name")
    list_select_related = ("user",)
