"""The admin's front door."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from foundation.errors import PermissionRefused


class PortalAdminSite(admin.AdminSite):
    """Django's admin for those whose roles say so, entered by the portal's own sign-in.

    Pages that libraries bring along write past the services and show what nobody
    should see (tokens): only pages that name a permission of the table are taken in.
    """

    site_header = f"{settings.SITE_NAME} · 后台管理"
    site_title = f"{settings.SITE_NAME}后台管理"
    index_title = "记录与账号"
    empty_value_display = "—"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Those of ``foundation.admin.RecordAdmin`` only."""
        if hasattr(admin_class, "may_view"):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """As the table of rules says."""
        return request.user.is_active and request.user.has_perm("organizations.enter_admin_site")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's sign-in; whoever has signed in and lacks the right is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionRefused("您没有权限进入后台管理。如确需办理，请联系安全管理员授予相应角色。")
        target = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The portal's way out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The portal's page for it."""
        return redirect("account_change_password")
