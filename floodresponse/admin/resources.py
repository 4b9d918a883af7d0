"""What is kept at hand, in the admin: without telephone numbers, households without their names."""

from django.contrib import admin

from floodresponse.admin.reports import ReportingAdmin
from floodresponse.models import (
    Drill,
    Expert,
    Household,
    HouseholdMove,
    KeyPlace,
    PlanConfirmation,
    ReportingUnit,
    RescueTeam,
    Shelter,
    Supply,
    SupplyMinimum,
    SupplyMove,
)
from foundation.admin import RecordAdmin


class AtHandAdmin(RecordAdmin):
    """Lists of the command post."""

    may_view = "floodresponse.change_plan"
    where_to_change = "在防内涝的备勤清单登记、修改和删除；电话号码不在此显示。"


@admin.register(Supply)
class SupplyAdmin(AtHandAdmin):
    """Stocks."""

    where_to_change = "库存在防内涝的物资页面登记；数量只随入库、出库、调拨和盘点变动。"
    list_display = ("name", "unit", "place", "quantity", "measure")
    list_filter = ("measure",)
    search_fields = ("name", "unit__name", "place")
    list_select_related = ("unit",)
    fields = ("unit", "name", "place", "quantity", "measure")


@admin.register(SupplyMinimum)
class SupplyMinimumAdmin(AtHandAdmin):
    """What should be there."""

    list_display = ("name", "unit", "level", "quantity")
    list_filter = ("level",)
    search_fields = ("name", "unit__name")
    list_select_related = ("unit",)


@admin.register(SupplyMove)
class SupplyMoveAdmin(AtHandAdmin):
    """Each move of a stock."""

    where_to_change = "物资出入记录任何人不能改动；有误请盘点更正。"
    list_display = ("at", "supply", "kind", "change", "after", "reason", "by")
    list_filter = ("kind",)
    search_fields = ("supply__name", "supply__unit__name", "reason")
    date_hierarchy = "at"
    list_select_related = ("supply__unit", "by")


@admin.register(RescueTeam)
class RescueTeamAdmin(AtHandAdmin):
    """Rescue teams."""

    list_display = ("name", "unit", "strength", "place")
    search_fields = ("name", "unit__name", "skills")
    list_select_related = ("unit",)
    fields = ("unit", "name", "strength", "skills", "place")


@admin.register(Expert)
class ExpertAdmin(AtHandAdmin):
    """Experts."""

    list_display = ("name", "field", "employer", "street")
    list_filter = (("street", admin.EmptyFieldListFilter),)
    search_fields = ("name", "field", "employer")
    list_select_related = ("street",)
    fields = ("name", "field", "employer", "street")


@admin.register(KeyPlace)
class KeyPlaceAdmin(AtHandAdmin):
    """Key places."""

    list_display = ("name", "kind", "street", "unit", "address")
    list_filter = ("kind",)
    search_fields = ("name", "address")
    list_select_related = ("street", "unit")
    fields = ("name", "kind", "street", "unit", "address", "measures")


@admin.register(Shelter)
class ShelterAdmin(AtHandAdmin):
    """Shelters."""

    list_display = ("name", "street", "address", "capacity")
    search_fields = ("name", "address")
    list_select_related = ("street",)
    fields = ("name", "street", "address", "capacity")


@admin.register(Drill)
class DrillAdmin(AtHandAdmin):
    """Drills."""

    list_display = ("title", "held_on", "unit", "level", "people")
    list_filter = ("level",)
    search_fields = ("title", "unit__name", "summary")
    date_hierarchy = "held_on"
    list_select_related = ("unit",)


@admin.register(PlanConfirmation)
class PlanConfirmationAdmin(AtHandAdmin):
    """On whose word a plan holds in another year."""

    where_to_change = "沿用在备勤检查页面确认，确认后任何人不能改动。"
    list_display = ("plan", "year", "basis", "confirmed_at", "confirmed_by")
    search_fields = ("basis",)
    list_select_related = ("plan", "confirmed_by")


@admin.register(ReportingUnit)
class ReportingUnitAdmin(AtHandAdmin):
    """Which units the office settled to owe daily reports."""

    where_to_change = "应报单位由防涝办在备勤的应报单位页确认。"
    list_display = ("unit", "plan", "owes", "reason", "decided_at", "decided_by")
    list_filter = ("owes",)
    search_fields = ("unit__name", "reason")
    list_select_related = ("unit", "plan", "decided_by")


@admin.register(Household)
class HouseholdAdmin(ReportingAdmin):
    """That households are on the list; who they are stays with the street and the command post."""

    where_to_change = "转移避险户由街道在防内涝页面登记；姓名、住址和电话不在此显示。"
    list_display = ("street", "people", "from_level", "shelter", "is_active")
    list_filter = ("from_level", "is_active")
    search_fields = ("street__name",)
    list_select_related = ("street", "shelter")
    fields = ("street", "people", "from_level", "shelter", "is_active")


@admin.register(HouseholdMove)
class HouseholdMoveAdmin(ReportingAdmin):
    """That households were moved, and when."""

    where_to_change = "转移和返回在避险转移页面逐户登记，登记后任何人不能改动。"
    list_display = ("moved_at", "response", "shelter", "people", "moved_by", "returned_at")
    list_filter = ("response__exercise",)
    search_fields = ("household__street__name",)
    date_hierarchy = "moved_at"
    list_select_related = ("response", "shelter", "moved_by")
    fields = ("response", "shelter", "people", "moved_at", "moved_by", "returned_at", "returned_by")
