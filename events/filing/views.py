"""Pages of the rules and of the runs that file by them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from directives.models import Topic, TopicRule
from directives.services.topicrules import PERMISSION, WHAT, current_rules, remove_rule, save_rule
from directives.services.topics import change_topic
from directives.topicrules import state_of
from events import tasks
from events.filing.forms import RuleForm, TopicForm, initial_of, initial_of_topic
from events.models import FilingRun
from events.services.filing import BUSY, confirm_filing, discard_filing, start_filing
from foundation.background import give
from foundation.errors import DomainError
from foundation.tables import table_file
from organizations.access import StaffRequest, staff_page

PAGE_SIZE = 50
LATEST_RUNS = 8
ORDERS = {
    "topic": ("topic__order", "topic__name", "pk"),
    "-topic": ("-topic__order", "-topic__name", "-pk"),
    "records": ("records", "topic__order", "pk"),
    "-records": ("-records", "topic__order", "pk"),
}
HEADER = ("主题", "适用于", "查找位置", "出现其一", "须全部出现", "不得出现")


@require_safe
@staff_page(PERMISSION, WHAT)
def rules(request: StaffRequest) -> HttpResponse:
    """All rules, filtered by words, and the latest runs."""
    found, order = _found(request)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "q": request.GET.get("q", ""),
        "order": order,
        "runs": FilingRun.objects.select_related("started_by").defer("preview", "result")[:LATEST_RUNS],
        "topics": Topic.objects.annotate(n=Count("rules")),
    }
    return render(request, "events/filing/rules.html", context)


def _found(request: StaffRequest) -> tuple[Any, str]:
    order = request.GET.get("sort", "topic")
    order = order if order in ORDERS else "topic"
    found = TopicRule.objects.select_related("topic").order_by(*ORDERS[order])
    rows = list(found)
    for word in request.GET.get("q", "").split()[:8]:
        rows = [rule for rule in rows if _holds(rule, word)]
    return rows, order


def _holds(rule: TopicRule, word: str) -> bool:
    words = (rule.topic.name, *rule.any_of, *rule.all_of, *rule.none_of)
    return any(word.lower() in held.lower() for held in words)


@require_safe
@staff_page(PERMISSION, WHAT)
def rules_table(request: StaffRequest, form: str) -> HttpResponseBase:
    """The rules found, to take along."""
    return table_file(
        form,
        stem="topic-rules",
        title="归类规则",
        header=HEADER,
        rows=(_row(rule) for rule in _found(request)[0]),
    )


def _row(rule: TopicRule) -> tuple[str, ...]:
    words = ("、".join(rule.any_of), "、".join(rule.all_of), "、".join(rule.none_of))
    return (rule.topic.name, rule.get_records_display(), rule.get_place_display(), *words)


@staff_page(PERMISSION, WHAT)
def rule(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A rule, to write or to change."""
    stored = get_object_or_404(TopicRule.objects.select_related("topic"), pk=pk) if pk else None
    if request.method == "POST":
        form = RuleForm(request.POST)
        if form.is_valid() and _saved(request, form, stored):
            messages.success(request, "规则已保存。它要在“预览归类”并确认之后才作用于已有记录。")
            return redirect("events:topic_rules")
        status = 409 if getattr(form, "conflict", False) else 400
    else:
        asked = Q(slug=request.GET.get("topic", ""))
        topic = Topic.objects.filter(asked).values_list("pk", flat=True).first()
        form = RuleForm(initial=initial_of(stored) if stored else {"topic": topic, "records": "all"})
        status = 200
    return render(request, "events/filing/rule.html", {"form": form, "rule": stored}, status=status)


def _saved(request: StaffRequest, form: RuleForm, stored: TopicRule | None) -> bool:
    try:
        save_rule(
            actor=request.user,
            at=timezone.now(),
            content=form.content(),
            rule=stored,
            seen=form.cleaned_data["seen"],
        )
    except DomainError as refusal:
        _refuse(form, refusal)
        return False
    return True


def _refuse(form: RuleForm | TopicForm, refusal: DomainError) -> None:
    field = next((name for name in refusal.fields if name in form.fields), None)
    form.add_error(field, refusal.message)
    form.conflict = refusal.status == 409  # type: ignore[union-attr]  # read by the caller


@staff_page(PERMISSION, WHAT)
def topic(request: StaffRequest, pk: int) -> HttpResponse:
    """A subject, to rename; what its words would change is previewed right after."""
    found = get_object_or_404(Topic, pk=pk)
    form = TopicForm(request.POST or None, initial=initial_of_topic(found))
    status = 200
    if request.method == "POST":
        if form.is_valid() and _topic_changed(request, form, found):
            return _previewed(request)
        status = 409 if getattr(form, "conflict", False) else 400
    counts = {"events": found.events.count(), "directives": found.directives.count()}
    return render(
        request, "events/filing/topic.html", {"form": form, "topic": found, "counts": counts}, status=status
    )


def _topic_changed(request: StaffRequest, form: TopicForm, found: Topic) -> bool:
    try:
        change_topic(
            actor=request.user,
            at=timezone.now(),
            topic=found,
            content=form.content(found.slug),
            seen=form.cleaned_data["seen"],
        )
    except DomainError as refusal:
        _refuse(form, refusal)
        return False
    messages.success(request, "主题已保存，已归入的记录显示新名称。")
    return True


def _previewed(request: StaffRequest) -> HttpResponse:
    """On to the preview of a new filing; where one is at work, that is said."""
    try:
        run = start_filing(actor=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.warning(request, refusal.message)
        return redirect("events:topic_rules")
    give(tasks.preview_topics, run.pk)
    return redirect("events:filing_run", run.pk)


@require_POST
@staff_page(PERMISSION, WHAT)
def rule_removed(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    stored = get_object_or_404(TopicRule, pk=pk)
    remove_rule(actor=request.user, at=timezone.now(), rule=stored, seen=request.POST.get("seen", ""))
    messages.success(request, "规则已删除。已有记录的主题要在“预览归类”并确认之后才变。")
    return redirect("events:topic_rules")


@require_POST
@staff_page(PERMISSION, WHAT)
def run_started(request: StaffRequest) -> HttpResponse:
    """Ask for a preview of what the rules would change."""
    run = start_filing(actor=request.user, at=timezone.now())
    give(tasks.preview_topics, run.pk)
    return redirect("events:filing_run", run.pk)


@require_safe
@staff_page(PERMISSION, WHAT)
def run(request: StaffRequest, pk: int) -> HttpResponse:
    """A run: its progress, its preview or what it did."""
    found = get_object_or_404(FilingRun.objects.select_related("started_by"), pk=pk)
    context = {
        "run": found,
        "busy": found.state in BUSY,
        "outdated": found.state == FilingRun.State.PREVIEW and found.rules != state_of(current_rules()),
    }
    return render(request, "events/filing/run.html", context)


@require_safe
@staff_page(PERMISSION, WHAT)
def run_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The moving part; asks for a fresh page when the work is done."""
    found = get_object_or_404(FilingRun.objects.defer("preview", "result"), pk=pk)
    response = render(request, "events/filing/_progress.html", {"run": found})
    if found.state not in BUSY:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@staff_page(PERMISSION, WHAT)
def run_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Confirm or discard a preview."""
    found = get_object_or_404(FilingRun, pk=pk)
    if step == "confirm":
        confirm_filing(actor=request.user, run=found, at=timezone.now())
        give(tasks.file_topics, found.pk)
    else:
        discard_filing(actor=request.user, run=found, at=timezone.now())
        messages.success(request, "已放弃这次归类，没有改动任何记录。")
    return redirect("events:filing_run", found.pk)
