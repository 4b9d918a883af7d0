"""The flood plan in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from floodresponse.models import (
    CommandPostMember,
    Criterion,
    Duty,
    Measure,
    Plan,
    PlanCorrection,
    ReportDeadline,
    Sign,
    SirenRule,
    SpecialGroup,
)
from floodresponse.services import PlanContent, create_plan, fill_in_texts
from foundation.admin import RecordAdmin, Step
from organizations.services import NameDirectory

VIEW = CHANGE = "floodresponse.change_plan"
BY_PLAN = "本类记录是方案的组成部分，随方案登记或由公报导入写入；方案修订请登记新年度的方案。"
TEXT_ONLY = "此处只能修改原文；其余内容随方案登记或由公报导入写入。"


@admin.register(Plan)
class PlanAdmin(RecordAdmin):
    """Plans."""

    may_view = VIEW
    may_add = CHANGE
    where_to_change = "方案登记后不能在此改动；内容随公报导入补齐，修订请登记新年度的方案。"
    add_fields = ("title", "year", "directive", "office_phone", "office_name")
    list_display = ("title", "year", "directive", "office_name", "office_phone")
    search_fields = ("title", "year")
    autocomplete_fields = ("directive",)
    list_select_related = ("directive",)

    def add_record(self, step: Step) -> Plan:
        """A new year's plan, still empty."""
        values = dict(step.values)
        directive = values.pop("directive")
        return create_plan(
            actor=step.actor,
            at=step.at,
            content=PlanContent(**values),
            directive=directive,
            directory=NameDirectory(actor=step.actor, at=step.at),
        )


class PlanPartAdmin(RecordAdmin):
    """What a plan lays down."""

    may_view = VIEW
    where_to_change = BY_PLAN
    list_select_related: ClassVar[tuple[str, ...]] = ("plan",)


@admin.register(Criterion)
class CriterionAdmin(PlanPartAdmin):
    """The matrix."""

    list_display = (
        "plan",
        "level",
        "kind",
        "lower",
        "lower_inclusive",
        "upper",
        "upper_inclusive",
        "provisional",
    )
    list_display_links = ("level", "kind")
    list_filter = ("plan", "level", "kind", "provisional")
    search_fields = ("clause",)


@admin.register(Sign)
class SignAdmin(PlanPartAdmin):
    """Signs on the ground."""

    list_display = ("label", "code", "level", "plan")
    list_filter = ("plan", "level")
    search_fields = ("label", "code")


@admin.register(SirenRule)
class SirenRuleAdmin(PlanPartAdmin):
    """Sirens."""

    list_display = ("level", "soundings", "minutes", "provisional", "plan")
    list_filter = ("plan", "provisional")
    search_fields = ("clause",)


@admin.register(ReportDeadline)
class ReportDeadlineAdmin(PlanPartAdmin):
    """When reports are due."""

    list_display = ("kind", "minutes", "daily_at", "trigger", "who", "provisional", "plan")
    list_filter = ("plan", "kind", "provisional")
    search_fields = ("who", "trigger", "clause")


@admin.register(CommandPostMember)
class CommandPostMemberAdmin(PlanPartAdmin):
    """Seats in the command post."""

    list_display = ("order", "role", "printed_name", "post", "person", "unit", "plan")
    list_display_links = ("printed_name",)
    list_filter = ("plan", "role")
    search_fields = ("printed_name", "post", "unit__name")
    list_select_related = ("plan", "person", "unit")


class WordedAdmin(PlanPartAdmin):
    """Parts whose official wording can be filled in."""

    may_change = CHANGE
    where_to_change = TEXT_ONLY
    change_fields = ("text",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All but the wording."""
        names = [field.name for field in self.opts.fields if field.editable and not field.primary_key]
        return (*(name for name in names if name != "text"), "units")

    def change_record(self, record: Any, step: Step) -> Any:
        """The wording."""
        stored = type(record).objects.select_related("plan").get(pk=record.pk)
        texts = {stored: step.values["text"]}
        fill_in_texts(actor=step.actor, at=step.at, plan=stored.plan, texts=texts, reason=step.reason)
        stored.refresh_from_db()
        return stored


@admin.register(Duty)
class DutyAdmin(WordedAdmin):
    """Duties of units."""

    list_display = ("order", "printed_unit", "summary", "plan")
    list_display_links = ("printed_unit",)
    list_filter = ("plan",)
    search_fields = ("printed_unit", "summary", "text", "units__name")


@admin.register(SpecialGroup)
class SpecialGroupAdmin(WordedAdmin):
    """Special groups."""

    list_display = ("order", "name", "leader", "leader_post", "plan")
    list_display_links = ("name",)
    list_filter = ("plan",)
    search_fields = ("name", "summary", "text", "printed_members")
    list_select_related = ("plan", "leader")


@admin.register(Measure)
class MeasureAdmin(WordedAdmin):
    """Measures."""

    list_display = ("summary", "situation", "order", "from_level", "plan")
    list_filter = ("plan", "situation", "from_level")
    search_fields = ("summary", "text", "clause", "units__name")


@admin.register(PlanCorrection)
class PlanCorrectionAdmin(PlanPartAdmin):
    """Other wording for a plan in force, signed on its own page."""

    where_to_change = "方案更正由导入提出，在“方案更正”页面签发或作废。"
    list_display = ("plan", "reason", "standing", "proposed_by", "proposed_at", "settled_by")
    list_filter = ("standing",)
    list_select_related = ("plan", "proposed_by", "settled_by")
