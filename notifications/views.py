"""The inbox, how one wants to be reached, and the delivery ledger."""

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from foundation.errors import DomainError, PermissionRefused
from foundation.workbooks import CONTENT_TYPE
from notifications.deliverysheet import workbook
from notifications.forms import ContactForm, PreferenceForm
from notifications.models import Channel, Contact, Message, Preference, Topic
from notifications.querysets import LEDGERS
from notifications.services import (
    acknowledge_message,
    add_contact,
    read_messages,
    remove_contact,
    resend_message,
    save_preference,
)
from organizations.access import StaffRequest

PAGE_SIZE = 50
MOST_EXPORTED = 5000
NEWEST = "-due"
# By the word in the address: what it is called, and by what the database sorts.
SORTS = {
    NEWEST: ("应发时间，晚的在前", (F("not_before").desc(), F("pk").desc())),
    "due": ("应发时间，早的在前", (F("not_before").asc(), F("pk").asc())),
    "-sent": ("送达时间，晚的在前", (F("sent_at").desc(nulls_last=True), F("pk").desc())),
    "recipient": ("收件人", (F("recipient__username").asc(nulls_last=True), F("not_before").desc())),
}


@login_required
def inbox(request: StaffRequest) -> HttpResponse:
    """What has arrived, the newest first; opening the page leaves it unread until one says so."""
    arrived = Message.objects.inbox_of(request.user)
    topic, unread_only = request.GET.get("topic", ""), request.GET.get("unread") == "1"
    found = arrived.filter(topic=topic) if topic in Topic.values else arrived
    found = found.unread() if unread_only else found
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "unread": arrived.unread().count(),
        "topics": Topic.choices,
        "topic": topic,
        "unread_only": unread_only,
        "keeps_ledger": bool(ledger_topics(request)),
    }
    return render(request, "notifications/inbox.html", context)


@login_required
def unread_count(request: StaffRequest) -> HttpResponse:
    """The bell in the header, asked for again and again by every open page."""
    count = Message.objects.inbox_of(request.user).unread().count()
    return render(request, "notifications/_bell.html", {"unread_messages": count})


@require_POST
@login_required
def read(request: StaffRequest) -> HttpResponse:
    """Mark all of one's messages as read."""
    read_messages(actor=request.user, at=timezone.now())
    return redirect("notifications:inbox")


@require_POST
@login_required
def open_message(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark one message as read and go where it points."""
    message = get_object_or_404(Message.objects.inbox_of(request.user), pk=pk)
    read_messages(actor=request.user, at=timezone.now(), pks=[pk])
    local = url_has_allowed_host_and_scheme(message.url, allowed_hosts=None)
    return redirect(message.url if message.url and local else "notifications:inbox")


@require_POST
@login_required
def acknowledge(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer a message."""
    message = get_object_or_404(Message.objects.inbox_of(request.user), pk=pk)
    try:
        acknowledge_message(actor=request.user, message=message, at=timezone.now())
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect("notifications:inbox")


@login_required
def settings(request: StaffRequest) -> HttpResponse:
    """One's addresses, quiet hours and digest."""
    form = PreferenceForm(request.POST) if request.method == "POST" else _stored_preference(request)
    if request.method == "POST" and form.is_valid():
        try:
            save_preference(actor=request.user, **form.cleaned_data, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            notes.success(request, "已保存。防内涝消息不受免打扰和汇总限制。")
            return redirect("notifications:settings")
    return _settings_page(request, form, ContactForm())


@require_POST
@login_required
def contact_add(request: StaffRequest) -> HttpResponse:
    """Add an address."""
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            add_contact(actor=request.user, **form.cleaned_data, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            notes.success(request, "已添加，新消息会同时发到这里。")
            return redirect("notifications:settings")
    return _settings_page(request, _stored_preference(request), form)


def _stored_preference(request: StaffRequest) -> PreferenceForm:
    stored = Preference.objects.filter(user=request.user).values(*PreferenceForm.base_fields).first()
    return PreferenceForm(initial=stored)


def _settings_page(request: StaffRequest, form: PreferenceForm, contact_form: ContactForm) -> HttpResponse:
    context = {
        "form": form,
        "contact_form": contact_form,
        "contacts": Contact.objects.filter(user=request.user),
    }
    status = 400 if form.errors or contact_form.errors else 200
    return render(request, "notifications/settings.html", context, status=status)


@require_POST
@login_required
def contact_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Remove an address."""
    contact = get_object_or_404(Contact, pk=pk, user=request.user)
    remove_contact(actor=request.user, contact=contact, at=timezone.now())
    notes.success(request, "已移除。")
    return redirect("notifications:settings")


@login_required
def ledger(request: StaffRequest) -> HttpResponse:
    """Each message with channel, time, attempts and answer, for those who watch over a topic."""
    found, chosen = deliveries(request)
    context = {
        "page": Paginator(found.prefetch_related("attempt_rows"), PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "states": Message.State.choices,
        "channels": Channel.choices,
        "sorts": [(key, words) for key, (words, _) in SORTS.items()],
        "chosen": chosen,
    }
    return render(request, "notifications/ledger.html", context)


@login_required
def ledger_xlsx(request: StaffRequest) -> HttpResponse:
    """The same as a workbook, the first ``MOST_EXPORTED`` of them."""
    found, _ = deliveries(request)
    rows = found.prefetch_related("attempt_rows")[:MOST_EXPORTED]
    response = HttpResponse(workbook(rows), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="deliveries.xlsx"'
    return response


def deliveries(request: StaffRequest) -> tuple[QuerySet[Message], dict[str, str]]:
    """What the filters leave of the messages that the person watches over, and the filters."""
    topics = ledger_topics(request)
    if not topics:
        raise PermissionRefused("您没有权限查看送达台账。如确需查看，请联系安全管理员授予相应角色。")
    found = Message.objects.filter(topic__in=topics).select_related("recipient")
    chosen = {name: request.GET.get(name, "") for name in ("state", "channel", "q", "sort")}
    if chosen["state"] in Message.State.values:
        found = found.filter(state=chosen["state"])
    if chosen["channel"] in Channel.values:
        found = found.filter(channel=chosen["channel"])
    if chosen["q"]:
        found = found.filter(subject__icontains=chosen["q"])
    return found.order_by(*SORTS.get(chosen["sort"], SORTS[NEWEST])[1]), chosen


def ledger_topics(request: HttpRequest) -> list[str]:
    """The topics whose delivery ledger the person keeps."""
    return [topic for topic, permission in LEDGERS.items() if request.user.has_perm(permission)]


@require_POST
@login_required
def resend(request: StaffRequest, pk: int) -> HttpResponse:
    """Send once more what was not delivered."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    try:
        resend_message(actor=request.user, message=message, at=timezone.now())
        notes.success(request, "已放回待发送。")
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect("notifications:ledger")
