"""Sign-ins, tokens and former passwords in the admin: looked at here, ended on pages of their own."""

from django.contrib import admin

from foundation.admin import RecordAdmin
from organizations.models import ApiToken, BrowserSession, FormerPassword


@admin.register(BrowserSession)
class BrowserSessionAdmin(RecordAdmin):
    """Who is signed in where; the key itself is shown to nobody."""

    may_view = "organizations.manage_accounts"
    where_to_change = "会话由本人在“登录与安全”、由安全管理员在“账号安全”中结束。"
    list_display = ("user", "signed_in_at", "address", "agent")
    search_fields = ("user__username", "user__display_name", "address")
    date_hierarchy = "signed_in_at"
    list_select_related = ("user",)
    fields = ("user", "signed_in_at", "address", "agent")


@admin.register(ApiToken)
class ApiTokenAdmin(RecordAdmin):
    """Tokens by their beginning; their text is kept nowhere."""

    may_view = "organizations.manage_accounts"
    where_to_change = "令牌由本人在“登录与安全”、由安全管理员在“账号安全”中生成和收回。"
    list_display = (
        "name", "user", "scope", "start", "issued_at", "expires_at", "last_used_at", "revoked_at"
    )  # fmt: skip
    list_filter = ("scope",)
    search_fields = ("name", "start", "user__username", "user__display_name")
    date_hierarchy = "issued_at"
    list_select_related = ("user",)
    fields = (
        "name", "user", "scope", "start", "issued_at", "issued_by", "expires_at", "last_used_at", "revoked_at"
    )  # fmt: skip


@admin.register(FormerPassword)
class FormerPasswordAdmin(RecordAdmin):
    """When a password was chosen; not what it was."""

    may_view = "organizations.manage_accounts"
    where_to_change = "曾用密码由系统记下，只用来防止重复使用。"
    list_display = ("user", "set_at")
    search_fields = ("user__username", "user__display_name")
    date_hierarchy = "set_at"
    list_select_related = ("user",)
    fields = ("user", "set_at")
