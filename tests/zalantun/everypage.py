"""Every address of the portal with a record behind it, taken from the URL conf.

A new page is found by itself. Where its address holds a number or a name that
is not told here, the test fails and asks for a sample.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

# What the number in an address belongs to, by the beginning of the view's name; the longest fits.
RECORDS = {
    "events:": "events.Event",
    "events:filing_": "events.FilingRun",
    "events:topic_rule": "directives.TopicRule",
    "events:filing_topic": "directives.Topic",
    "events:person_timeline": "organizations.Person",
    "organizations:person": "organizations.Person",
    "directives:": "directives.Directive",
    "taskboard:": "taskboard.Task",
    "taskboard:add_task": "taskboard.TaskList",
    "taskboard:board": "taskboard.TaskList",
    "taskboard:bulletin": "taskboard.Bulletin",
    "taskboard:finding": "taskboard.Finding",
    "taskboard:inspection": "taskboard.Inspection",
    "taskboard:issue": "taskboard.TaskList",
    "taskboard:sign_list": "taskboard.TaskList",
    "taskboard:decide": "taskboard.Extension",
    "taskboard:ledger_row_new": "taskboard.Ledger",
    "taskboard:ledger": "taskboard.Ledger",
    "taskboard:ledger_report": "taskboard.LedgerReport",
    "taskboard:ledger_reports": "taskboard.Ledger",
    "taskboard:ledger_row": "taskboard.LedgerRow",
    "taskboard:approvals": "taskboard.Ledger",
    "taskboard:disposals": "taskboard.Ledger",
    "taskboard:listing": "taskboard.Listing",
    "taskboard:look_back": "taskboard.LookBack",
    "taskboard:matrix": "taskboard.TaskList",
    "taskboard:periodic_report": "taskboard.ReportObligation",
    "taskboard:periodic_reports": "taskboard.TaskList",
    "taskboard:report": "taskboard.TaskList",
    "taskboard:rhythm": "taskboard.TaskList",
    "taskboard:sheet": "taskboard.TaskList",
    "taskboard:stages": "taskboard.TaskList",
    "taskboard:task_list": "taskboard.TaskList",
    "taskboard:timeline": "taskboard.TaskList",
    "floodresponse:": "floodresponse.Response",
    "floodresponse:action_": "floodresponse.UnitAction",
    "floodresponse:siren_": "floodresponse.SirenOrder",
    "floodresponse:sign_": "floodresponse.SignObservation",
    "floodresponse:rain_action": "floodresponse.RainAction",
    "floodresponse:acknowledge": "floodresponse.Obligation",
    "floodresponse:register_": "floodresponse.RescueTeam",
    "floodresponse:aftermath_strike": "floodresponse.AftermathEntry",
    "floodresponse:household": "floodresponse.Household",
    "floodresponse:incident": "floodresponse.Incident",
    "floodresponse:obligation": "floodresponse.Obligation",
    "floodresponse:plan": "floodresponse.Plan",
    "floodresponse:rain_order": "floodresponse.RainOrder",
    "floodresponse:reading": "floodresponse.Reading",
    "floodresponse:shift": "floodresponse.DutyShift",
    "floodresponse:supply": "floodresponse.Supply",
    "floodresponse:swap": "floodresponse.DutySwap",
    "floodresponse:warning": "floodresponse.FloodWarning",
    "gazette:": "gazette.ImportRun",
    "gazette:names_run": "gazette.NamesRun",
    "gazette:merge": "gazette.DepartmentMerge",
    "gazette:issue": "gazette.Issue",
    "notifications:": "notifications.Message",
    "notifications:contact_": "notifications.Contact",
    "search_saved": "search.SavedSearch",
    "accounts:": "organizations.User",
    "security:session_end": "organizations.BrowserSession",
    "security:token_revoke": "organizations.ApiToken",
    "foundation:": "foundation.Attachment",
}
# What else an address may hold; a function where it depends on a record.
WORDS: dict[str, Any] = {
    "year": 2023,
    "month": 5,
    "day": 8,
    "slug": lambda made: made["organizations.Department"].slug,
    "code": lambda made: made["floodresponse.Station"].code,
    "sequence": lambda made: made["foundation.AuditEntry"].sequence,
    "identifier": lambda made: made["floodresponse.CapMessage"].identifier,
    "name": "file.txt",
    "secret": "unknown",
    "key": "teams",
    "step": "submit",
    "correction": lambda made: made["floodresponse.PlanCorrection"].pk,
    "correction_pk": lambda made: made["events.Correction"].pk,
    "notice": lambda made: made["directives.DirectiveCorrection"].pk,
    "change": lambda made: made["directives.StatusChange"].pk,
    "provider_id": "city",
    "token": lambda made: made["organizations.ApiToken"].pk,
}
# Of these the word means something else.
OWN_WORDS: dict[str, dict[str, Any]] = {
    "taskboard:step": {"name": "sign"},
    "floodresponse:plan_correction_step": {"step": "confirm"},
    "floodresponse:after_action_section": {"key": "overview"},
    # A security key takes hardware: its pages answer that there is none.
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}
# Addresses that lead to a page of the list and have none of their own.
LEFT_OUT = {"admin:view_on_site", "admin:app_list", "None"}
Made = dict[str, models.Model]


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """The views' names with what their addresses hold, in the order of the URL conf; without the API."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name and f"{namespace}{entry.name}" not in LEFT_OUT:
                yield f"{namespace}{entry.name}", tuple(entry.pattern.converters)
        elif str(entry.pattern) != "api/v1/":
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _with_outer(entry, inner)


def _with_outer(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    outer = tuple(resolver.pattern.converters)
    for name, held in routes(resolver, namespace):
        yield name, (*outer, *held)


def address_of(name: str, held: tuple[str, ...], made: Made) -> str:
    """The address with samples in it; an AssertionError asks for one that is not told."""
    try:
        return reverse(name, kwargs={part: _sample(name, part, made) for part in held})
    except (KeyError, NoReverseMatch) as error:
        raise AssertionError(f"{name}: tell tests.zalantun.everypage what {held} are ({error})") from error


def _sample(name: str, part: str, made: Made) -> object:
    word = OWN_WORDS.get(name, {}).get(part, WORDS.get(part))
    if word is None and part in ("pk", "object_id"):
        return made[_label(name)].pk
    if word is None:
        raise KeyError(part)
    return word(made) if callable(word) else word


def _label(name: str) -> str:
    if name.startswith("admin:"):
        room, model = name.removeprefix("admin:").split("_")[:2]
        return str(apps.get_model(room, model)._meta.label)
    fitting = [beginning for beginning in RECORDS if name.startswith(beginning)]
    return RECORDS[max(fitting, key=len)]


def is_page(response: Any) -> bool:
    """Whether a whole page came, not a part, a file or a way elsewhere."""
    kind = response.headers.get("Content-Type", "")
    return bool(response.status_code == 200 and kind.startswith("text/html") and b"<html" in response.content)


def answers(client: Client, made: Made, wanted: tuple[str, ...] = ("",)) -> dict[str, Any]:
    """What a browser gets from every address whose view's name begins as wanted."""
    found = {}
    for name, held in routes():
        if name.startswith(wanted):
            found[name] = client.get(address_of(name, held, made))
    return found
