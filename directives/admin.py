"""Policy documents in the admin."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.http import HttpRequest

from directives.models import (
    Annex,
    Citation,
    Directive,
    DirectiveCorrection,
    Follow,
    Roster,
    RosterMember,
    Section,
    Stage,
    StatusChange,
    Topic,
    TopicRule,
)
from directives.services import (
    DirectiveContent,
    TopicContent,
    create_directive,
    record_status,
    save_topic,
    update_directive,
)
from directives.services.corrections import add_notice
from foundation.admin import HistoryAdmin, PartsInline, RecordAdmin, Step
from foundation.errors import StateConflict
from foundation.forms import LinesField, ReasonedForm, RecordForm
from organizations.services import NameDirectory

VIEW, CHANGE = "directives.view_unpublished", "directives.change_directive"
FIELDS = (
    "title", "number", "issuer", "issued_on", "kind", "copy_number", "urgency", "addressees", "signatory",
    "is_public", "release_note", "preamble", "plan_title", "plan_preamble", "copies_to", "printed_by",
    "printed_on", "summary", "source", "topics",
)  # fmt: skip
BY_IMPORT = "本类记录是文件的组成部分，由公报导入写入；有误请重新导入更正后的公报。"
NOT_HERE = "文件已不是草稿，不能在此直接改文字。请在文件页点“提出修改”：更正稿由另一位签发人签发。"
SENTENCES = {"number_once_per_issuer": "该发文机关已有同一发文字号的文件，请核对。"}


class NewDirectiveForm(RecordForm):
    """A new document."""

    sentences = SENTENCES
    addressees = LinesField(label="主送机关", required=False, help_text="每行一个。")
    copies_to = LinesField(label="抄送机关", required=False, help_text="每行一个。")


class DirectiveForm(ReasonedForm):
    """A change of a document."""

    sentences = SENTENCES
    addressees = LinesField(label="主送机关", required=False, help_text="每行一个。")
    copies_to = LinesField(label="抄送机关", required=False, help_text="每行一个。")


class AnnexInline(PartsInline):
    """Annexes."""

    model = Annex
    fields = ("order", "label", "title", "printed")


class StageInline(PartsInline):
    """Phases."""

    model = Stage
    fields = ("order", "name", "starts_on", "ends_on")


class CitationInline(PartsInline):
    """Cited documents."""

    model = Citation
    fk_name = "directive"

    def get_queryset(self, request: HttpRequest) -> Any:
        """With documents in one query."""
        return super().get_queryset(request).select_related("target")


class StatusInline(PartsInline):
    """Legal states."""

    model = StatusChange
    fk_name = "directive"

    def get_queryset(self, request: HttpRequest) -> Any:
        """With documents in one query."""
        return super().get_queryset(request).select_related("directive", "by_directive")


@admin.register(Directive)
class DirectiveAdmin(RecordAdmin):
    """Documents."""

    may_view = VIEW
    may_add = may_change = CHANGE
    form = NewDirectiveForm
    change_form_class = DirectiveForm
    add_fields = change_fields = FIELDS
    list_display = ("title", "number", "issuer", "issued_on", "kind", "is_public", "publication")
    list_filter = ("kind", "publication", "is_public", "origin", "topics")
    search_fields = ("title", "number", "issuer", "plan_title")
    date_hierarchy = "issued_on"
    autocomplete_fields = ("topics",)
    inlines = (StatusInline, AnnexInline, StageInline, CitationInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What follows from other steps."""
        if obj is None:
            return ()
        return ("issuing_department", "origin", "publication", "created_at", "updated_at")

    def add_record(self, step: Step) -> Directive:
        """A new document, as a draft."""
        values = {
            **step.values,
            "addressees": tuple(step.values["addressees"]),
            "topics": step.slugs("topics"),
        }
        return create_directive(
            actor=step.actor,
            at=step.at,
            content=DirectiveContent(**values),
            publication=Directive.Publication.DRAFT,
            directory=NameDirectory(actor=step.actor, at=step.at),
        )

    def change_record(self, record: Directive, step: Step) -> Directive:
        """The fields that were changed; a published text waits for a second person elsewhere."""
        changes = step.changes(*FIELDS)
        if record.publication != Directive.Publication.DRAFT and changes.keys() - {"summary", "topics"}:
            raise StateConflict(NOT_HERE)
        if "topics" in changes:
            changes["topics"] = step.slugs("topics")
        return update_directive(
            actor=step.actor,
            at=step.at,
            directive=record,
            changes=changes,
            directory=NameDirectory(actor=step.actor, at=step.at),
            reason=step.reason,
        )


@admin.register(StatusChange)
class StatusChangeAdmin(RecordAdmin):
    """Legal states over time."""

    may_view = VIEW
    may_add = CHANGE
    where_to_change = "有效性变更登记后不能改动；请在文件页的“有效性”中签发或作废。"
    add_fields = ("directive", "status", "effective_on", "by_directive", "note")
    list_display = ("directive", "status", "effective_on", "by_directive", "standing")
    list_filter = ("status", "standing")
    search_fields = ("directive__title", "directive__number", "note")
    autocomplete_fields = ("directive", "by_directive")
    date_hierarchy = "effective_on"
    list_select_related = ("directive", "by_directive")

    def add_record(self, step: Step) -> StatusChange:
        """From a date on."""
        return record_status(actor=step.actor, at=step.at, **step.values)


@admin.register(DirectiveCorrection)
class DirectiveCorrectionAdmin(RecordAdmin):
    """Correction notices of documents."""

    may_view = VIEW
    may_add = CHANGE
    where_to_change = "更正登记后不能改动；请在文件页的“更正”中签发或作废。"
    add_fields = ("directive", "printed", "corrected", "note", "made_on")
    list_display = ("directive", "printed", "corrected", "made_on", "standing")
    list_filter = ("standing",)
    search_fields = ("printed", "corrected", "directive__title")
    autocomplete_fields = ("directive",)
    date_hierarchy = "made_on"
    list_select_related = ("directive",)

    def add_record(self, step: Step) -> DirectiveCorrection:
        """Beside the printed words, until another person signs it."""
        return add_notice(actor=step.actor, at=step.at, **step.values)


class NewTopicForm(RecordForm):
    """A new subject."""

    words = LinesField(label="判定词", required=False, help_text="每行一个；出现任一词语即归入本主题。")


class TopicForm(ReasonedForm):
    """A change of a subject."""

    words = LinesField(label="判定词", required=False, help_text="每行一个；出现任一词语即归入本主题。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["words"] = cast(Topic, self.instance).words


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    """Subjects."""

    may_view = VIEW
    may_add = may_change = CHANGE
    form = NewTopicForm
    change_form_class = TopicForm
    add_fields = ("slug", "name", "words", "order")
    change_fields = ("name", "words", "order")
    list_display = ("name", "slug", "order")
    search_fields = ("name", "slug")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The slug stands in addresses and stays."""
        return () if obj is None else ("slug",)

    def add_record(self, step: Step) -> Topic:
        """A new subject."""
        return self._save(step.values["slug"], step)

    def change_record(self, record: Topic, step: Step) -> Topic:
        """Its name and words."""
        return self._save(record.slug, step)

    def _save(self, slug: str, step: Step) -> Topic:
        values = step.values
        content = TopicContent(slug, values["name"], tuple(values["words"]), values["order"])
        return save_topic(actor=step.actor, at=step.at, content=content)


@admin.register(TopicRule)
class TopicRuleAdmin(RecordAdmin):
    """Words that file a record under a subject."""

    may_view = VIEW
    where_to_change = "规则请在“大事记 · 归类规则”页修改，那里可以预览。"
    list_display = ("topic", "records", "place", "any_of", "all_of", "none_of")
    list_filter = ("topic", "records", "place")
    list_select_related = ("topic",)


@admin.register(Follow)
class FollowAdmin(RecordAdmin):
    """Who follows which document."""

    may_view = VIEW
    where_to_change = "关注由本人添加或取消，不在此修改。"
    list_display = ("user", "directive", "created_at")
    search_fields = ("user__username", "directive__title")
    list_select_related = ("user", "directive")


class PartAdmin(RecordAdmin):
    """Parts of documents."""

    may_view = VIEW
    where_to_change = BY_IMPORT
    list_select_related: ClassVar[tuple[str, ...]] = ("directive",)


@admin.register(Annex)
class AnnexAdmin(PartAdmin):
    """Annexes."""

    list_display = ("directive", "order", "label", "title", "printed")
    list_filter = ("printed",)
    search_fields = ("title", "directive__title")


@admin.register(Section)
class SectionAdmin(PartAdmin):
    """Numbered headings and paragraphs."""

    list_display = ("directive", "order", "depth", "number", "heading", "anchor")
    list_display_links = ("directive", "order")
    list_filter = ("depth",)
    search_fields = ("heading", "text", "directive__title")


@admin.register(Roster)
class RosterAdmin(PartAdmin):
    """Rosters."""

    list_display = ("name", "directive", "order")
    search_fields = ("name", "directive__title")


@admin.register(RosterMember)
class RosterMemberAdmin(PartAdmin):
    """Lines of rosters."""

    list_display = ("roster", "order", "role", "printed_name", "post", "person")
    list_filter = ("concurrent",)
    search_fields = ("printed_name", "post", "roster__name")
    list_select_related = ("roster", "person")


@admin.register(Stage)
class StageAdmin(PartAdmin):
    """Dated phases."""

    list_display = ("directive", "name", "starts_on", "ends_on")
    search_fields = ("name", "directive__title")


@admin.register(Citation)
class CitationAdmin(PartAdmin):
    """Cited documents."""

    list_display = ("directive", "title", "number", "target")
    list_filter = (("target", admin.EmptyFieldListFilter),)
    search_fields = ("title", "number", "directive__title")
    list_select_related = ("directive", "target")


@admin.register(Directive.history.model)
class DirectiveHistoryAdmin(HistoryAdmin):
    """Versions of documents."""

    may_view = VIEW
    search_fields = ("title", "number")
