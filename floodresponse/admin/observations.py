"""What was measured and seen, in the admin."""

from django.contrib import admin

from floodresponse.models import (
    Reading,
    ReadingBatch,
    ReadingRevision,
    SignObservation,
    Station,
)
from foundation.admin import PartsInline, RecordAdmin

VIEW = "floodresponse.change_plan"


class ObservationAdmin(RecordAdmin):
    """Observations."""

    may_view = VIEW
    where_to_change = "观测数据由接口、表格或人工报送写入；更正须另行报送，原值保留。"


@admin.register(Station)
class StationAdmin(ObservationAdmin):
    """Stations."""

    where_to_change = "站点在防内涝页面维护，不在此修改。"
    list_display = ("code", "name", "kind", "is_urban", "is_low_spot", "street", "network", "is_active")
    list_filter = ("kind", "is_urban", "is_low_spot", "is_active")
    search_fields = ("code", "name", "street", "network")


@admin.register(ReadingBatch)
class ReadingBatchAdmin(ObservationAdmin):
    """Lists of readings as they came."""

    where_to_change = "来报批次由系统写入，任何人不能改动。"
    list_display = (
        "received_at", "source", "received_by", "file_name", "accepted", "corrected", "duplicates",
        "rejected",
    )  # fmt: skip
    list_filter = ("source",)
    search_fields = ("file_name", "reason", "received_by__username", "received_by__display_name")
    date_hierarchy = "received_at"
    list_select_related = ("received_by",)


class RevisionInline(PartsInline):
    """Earlier values."""

    model = ReadingRevision
    fields = ("value", "received_at", "replaced_at")


@admin.register(Reading)
class ReadingAdmin(ObservationAdmin):
    """Readings."""

    list_display = ("station", "observed_at", "value", "received_at")
    list_filter = ("station__kind",)
    search_fields = ("station__code", "station__name")
    date_hierarchy = "observed_at"
    list_select_related = ("station",)
    raw_id_fields = ("batch",)
    inlines = (RevisionInline,)


@admin.register(ReadingRevision)
class ReadingRevisionAdmin(ObservationAdmin):
    """Values that were replaced."""

    where_to_change = "更正前的数值由系统保留，任何人不能改动。"
    list_display = ("reading", "value", "received_at", "replaced_at", "batch")
    list_filter = ("batch__source",)
    search_fields = ("reading__station__code", "reading__station__name", "batch__reason")
    date_hierarchy = "replaced_at"
    list_select_related = ("reading", "batch")


@admin.register(SignObservation)
class SignObservationAdmin(ObservationAdmin):
    """Signs confirmed on the ground."""

    where_to_change = "现场现象由值守人员在防内涝页面核实登记，不在此修改。"
    list_display = ("place", "street", "code", "observed_at", "ended_at", "confirmed_by", "confirmed_at")
    list_filter = ("code", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("place", "code", "note", "confirmed_by__username", "confirmed_by__display_name")
    date_hierarchy = "observed_at"
    list_select_related = ("confirmed_by", "street")
