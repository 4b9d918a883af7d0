"""Addresses of orders below level IV."""

from django.urls import path

from floodresponse.rain import views

urlpatterns = [
    path("", views.orders, name="rain_orders"),
    path("order/", views.give, name="rain_order_give"),
    path("<int:pk>/", views.rain_order, name="rain_order"),
    path("<int:pk>/end/", views.end, name="rain_order_end"),
    path("<int:pk>/actions.xlsx", views.rain_order_xlsx, name="rain_order_xlsx"),
    path("actions/<int:pk>/", views.answer, name="rain_action"),
]
