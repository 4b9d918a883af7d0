"""The chronicle in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from events.models import Correction, Event, EventDepartment, EventDirective, EventOfficial, FilingRun
from events.services import EventContent, add_correction, create_event, update_event
from foundation.admin import HistoryAdmin, PartsInline, RecordAdmin, Step
from foundation.errors import StateConflict
from foundation.forms import ReasonedForm, RecordForm
from organizations.services import NameDirectory

VIEW, CHANGE = "events.view_unpublished", "events.change_event"
FIELDS = ("start_date", "end_date", "position", "title", "text", "source", "topics")
BY_IMPORT = "本类记录随条目由公报导入写入；原文有误请在“更正”中登记，导入有误请重新导入更正后的公报。"
NOT_HERE = "此条已不是草稿，不能在此直接改文字。请在条目页点“修改”：已发布的提出更正稿，由另一位签发人签发。"
SENTENCES = {"event_range": "结束日期早于起始日期，请更正日期后再保存。"}


class NewEventForm(RecordForm):
    """A new entry; without a place it stands last on its day."""

    sentences = SENTENCES
    position = forms.IntegerField(
        label="当日次序",
        required=False,
        min_value=1,
        help_text="只定同一天内的先后；留空排在当日最后。公众看到的序号按已发布的条目连续编排。",
    )


class EventForm(ReasonedForm):
    """A change of an entry."""

    sentences = SENTENCES
    position = forms.IntegerField(label="当日次序", min_value=1, help_text="只定同一天内的先后。")


class OfficialInline(PartsInline):
    """People."""

    model = EventOfficial

    def get_queryset(self, request: HttpRequest) -> Any:
        """With people in one query."""
        return super().get_queryset(request).select_related("person")


class MentionInline(PartsInline):
    """Departments."""

    model = EventDepartment

    def get_queryset(self, request: HttpRequest) -> Any:
        """With departments in one query."""
        return super().get_queryset(request).select_related("department")


class CitationInline(PartsInline):
    """Cited documents."""

    model = EventDirective

    def get_queryset(self, request: HttpRequest) -> Any:
        """With documents in one query."""
        return super().get_queryset(request).select_related("directive")


class CorrectionInline(PartsInline):
    """Correction notices."""

    model = Correction


@admin.register(Event)
class EventAdmin(RecordAdmin):
    """Entries."""

    may_view = VIEW
    may_add = may_change = CHANGE
    form = NewEventForm
    change_form_class = EventForm
    add_fields = change_fields = FIELDS
    list_display = ("start_date", "end_date", "position", "title", "publication", "updated_at")
    list_display_links = ("title",)
    list_filter = ("publication", "topics")
    search_fields = ("title", "text", "officials__printed_name")
    date_hierarchy = "start_date"
    autocomplete_fields = ("topics",)
    inlines = (OfficialInline, MentionInline, CitationInline, CorrectionInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What follows from other steps."""
        return () if obj is None else ("publication", "created_at", "updated_at")

    def add_record(self, step: Step) -> Event:
        """A new entry, as a draft."""
        values = {**step.values, "topics": step.slugs("topics")}
        return create_event(
            actor=step.actor,
            at=step.at,
            content=EventContent(**values),
            publication=Event.Publication.DRAFT,
            directory=NameDirectory(actor=step.actor, at=step.at),
        )

    def change_record(self, record: Event, step: Step) -> Event:
        """The fields that were changed; the text of a published entry waits for a second person elsewhere."""
        changes = step.changes(*FIELDS)
        if record.publication != Event.Publication.DRAFT and changes.keys() - {"position", "topics"}:
            raise StateConflict(NOT_HERE)
        if "topics" in changes:
            changes["topics"] = step.slugs("topics")
        return update_event(
            actor=step.actor,
            at=step.at,
            event=record,
            changes=changes,
            directory=NameDirectory(actor=step.actor, at=step.at),
            reason=step.reason,
        )


@admin.register(Correction)
class CorrectionAdmin(RecordAdmin):
    """Correction notices."""

    may_view = VIEW
    may_add = CHANGE
    where_to_change = (
        "更正登记后由另一位签发人在条目的更正页签发；登记后不能改动，有误请在那里作废，再登记一条。"
    )
    add_fields = ("event", "printed", "corrected", "note", "made_on")
    list_display = ("event", "printed", "corrected", "standing", "made_on")
    list_filter = ("standing",)
    search_fields = ("printed", "corrected", "event__title")
    autocomplete_fields = ("event",)
    date_hierarchy = "made_on"
    list_select_related = ("event",)

    def add_record(self, step: Step) -> Correction:
        """Beside the printed words."""
        return add_correction(actor=step.actor, at=step.at, **step.values)


class MentionedAdmin(RecordAdmin):
    """Whom and what entries mention."""

    may_view = VIEW
    where_to_change = BY_IMPORT


@admin.register(EventOfficial)
class EventOfficialAdmin(MentionedAdmin):
    """People in entries."""

    list_display = ("event", "printed_name", "post", "person")
    search_fields = ("printed_name", "post", "event__title")
    list_select_related = ("event", "person")


@admin.register(EventDepartment)
class EventDepartmentAdmin(MentionedAdmin):
    """Departments in entries."""

    list_display = ("event", "department")
    list_filter = ("department__kind",)
    search_fields = ("department__name", "event__title")
    list_select_related = ("event", "department")


@admin.register(EventDirective)
class EventDirectiveAdmin(MentionedAdmin):
    """Documents in entries."""

    list_display = ("event", "title", "directive")
    list_filter = (("directive", admin.EmptyFieldListFilter),)
    search_fields = ("title", "event__title")
    list_select_related = ("event", "directive")


@admin.register(FilingRun)
class FilingRunAdmin(RecordAdmin):
    """Passes of the rules over the records."""

    may_view = VIEW
    where_to_change = "主题归类由后台任务写入，不在此修改。"
    list_display = ("created_at", "state", "started_by", "finished_at")
    list_filter = ("state",)
    date_hierarchy = "created_at"
    list_select_related = ("started_by",)


@admin.register(Event.history.model)
class EventHistoryAdmin(HistoryAdmin):
    """Versions of entries."""

    may_view = VIEW
    search_fields = ("title",)
