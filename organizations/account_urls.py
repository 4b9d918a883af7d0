"""Signing in and out, one's own password, second factor: of the library's pages these alone.

The others send mail to any address, with the host that the caller names.
"""

from allauth.account import views
from allauth.socialaccount.providers.openid_connect import views as city
from allauth.socialaccount.views import login_cancelled
from django.urls import include, path

from organizations.waiting import WAITING_PAGE, waiting

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("waiting/", waiting, name=WAITING_PAGE),
    path("password/change/", views.password_change, name="account_change_password"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("2fa/", include("allauth.mfa.urls")),
    path("security/", include("organizations.security.urls")),
    path("oidc/<slug:provider_id>/login/", city.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", city.callback, name="openid_connect_callback"),
    path("oidc/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
]
