"""Addresses of one's own page about signing in."""

from django.urls import path

from organizations.security import views

app_name = "security"
urlpatterns = [
    path("", views.own, name="own"),
    path("sessions/end/", views.sessions_end, name="sessions_end"),
    path("sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("tokens/", views.token_new, name="token_new"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
]
