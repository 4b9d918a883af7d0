"""Addresses of the security administrator."""

from django.urls import path

from zalantun.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.people, name="people"),
    path("accounts.csv", views.people_table, {"form": "csv"}, name="people_csv"),
    path("accounts.xlsx", views.people_table, {"form": "xlsx"}, name="people_xlsx"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens.csv", views.tokens_table, {"form": "csv"}, name="tokens_csv"),
    path("tokens.xlsx", views.tokens_table, {"form": "xlsx"}, name="tokens_xlsx"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/sessions/end/", views.sessions_end, name="sessions_end"),
    path("<int:pk>/tokens/", views.token_new, name="token_new"),
    path("<int:pk>/tokens/<int:token>/revoke/", views.token_revoke, name="token_revoke"),
    path("<int:pk>/verify/", views.verify, name="verify"),
    path("<int:pk>/factor/reset/", views.factor_reset, name="factor_reset"),
    path("<int:pk>/identity/unbind/", views.identity_unbind, name="identity_unbind"),
    path("<int:pk>/leave/", views.leaving, name="leave"),
]
