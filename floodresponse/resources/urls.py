"""Addresses of what is kept at hand."""

from django.urls import path

from floodresponse.resources import householdviews, listviews, supplyviews

urlpatterns = [
    path("supplies/", supplyviews.index, name="supplies"),
    path("supplies/supplies.xlsx", supplyviews.supplies_xlsx, name="supplies_xlsx"),
    path("supplies/import/", supplyviews.supplies_import, name="supplies_import"),
    path("supplies/new/", supplyviews.new, name="supply_new"),
    path("supplies/<int:pk>/", supplyviews.supply, name="supply"),
    path("households/", householdviews.index, name="households"),
    path("households/households.xlsx", householdviews.households_xlsx, name="households_xlsx"),
    path("households/<int:pk>/", householdviews.check_off, name="household_check"),
    path("resources/<slug:key>/", listviews.index, name="register"),
    path("resources/<slug:key>/list.xlsx", listviews.list_xlsx, name="register_xlsx"),
    path("resources/<slug:key>/new/", listviews.edit, name="register_new"),
    path("resources/<slug:key>/import/", listviews.list_import, name="register_import"),
    path("resources/<slug:key>/<int:pk>/", listviews.edit, name="register_edit"),
    path("resources/<slug:key>/<int:pk>/remove/", listviews.remove, name="register_remove"),
]
