"""Addresses of this room."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("count/", views.unread_count, name="unread_count"),
    path("read/", views.read, name="read"),
    path("<int:pk>/", views.open_message, name="message"),
    path("<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<int:pk>/resend/", views.resend, name="resend"),
    path("settings/", views.settings, name="settings"),
    path("settings/contacts/", views.contact_add, name="contact_add"),
    path("settings/contacts/<int:pk>/remove/", views.contact_remove, name="contact_remove"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/deliveries.xlsx", views.ledger_xlsx, name="ledger_xlsx"),
]
