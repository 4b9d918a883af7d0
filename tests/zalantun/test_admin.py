"""The admin: every record in Chinese, for the right roles, written by services only."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directives.models import Directive, StatusChange, Topic
from events.models import Correction, Event
from floodresponse.models import Duty, Plan
from foundation.models import AuditEntry
from organizations.models import (
    Department,
    DepartmentAlias,
    Person,
    PersonVariant,
    Post,
    Role,
    RoleAssignment,
    User,
)
from organizations.rules import PERMISSIONS
from organizations.services.accounts import grant_role
from taskboard.models import Ledger, ReportingRule, Task, TaskDepartment, TaskList
from tests.accounts import browser_of, person, reads_of_the_page
from tests.factories import (
    DepartmentFactory,
    DirectiveFactory,
    EventFactory,
    PersonFactory,
    TaskFactory,
    TaskListFactory,
    TopicFactory,
    UserFactory,
)
from tests.zalantun.onerecord import AT, one_of_each
from tests.zalantun.recordsbeforeresponses import before_responses
from tests.zalantun.recordsofreadiness import readiness
from tests.zalantun.recordsofsupervision import supervision
from tests.zalantun.recordsofwork import (
    SECRETS,
    messages,
    observations,
    orders,
    reporting,
    work_by_the_calendar,
    work_on_ledgers,
    work_on_tasks,
)

ENTER = PERMISSIONS["organizations.enter_admin_site"]
PAGES: dict[str, Any] = {model._meta.label: page for model, page in admin.site._registry.items()}
HISTORIES = {label for label in PAGES if ".Historical" in label}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


def url(model: type[models.Model] | str, page: str, *arguments: object) -> str:
    name = (
        model.lower().replace(".", "_")
        if isinstance(model, str)
        else model._meta.label_lower.replace(".", "_")
    )
    return reverse(f"admin:{name}_{page}", args=arguments)


def roles_that(permission: str) -> frozenset[Role]:
    return PERMISSIONS.get(permission, frozenset()) & ENTER


def sentence_of(response: Any) -> str:
    """What the page complains of."""
    return " ".join(
        re.findall(r'class="errorlist[^"]*"[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    )


def errors_of(response: Any) -> Any:
    return response.context["adminform"].form.errors if response.context else response.status_code


def form_of(response: Any) -> dict[str, Any]:
    """What a browser would send back untouched."""
    form = response.context["adminform"].form
    sent: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if hasattr(value, "__iter__") and not isinstance(value, str):
            sent[name] = [getattr(item, "pk", item) for item in value]
        elif value is True:
            sent[name] = "on"
        elif value not in (None, False):
            sent[name] = value
    for formset in response.context["inline_admin_formsets"]:
        for name, count in (
            ("TOTAL", formset.formset.total_form_count()),
            ("INITIAL", formset.formset.initial_form_count()),
        ):
            sent[f"{formset.formset.prefix}-{name}_FORMS"] = count
    return sent


def change(browser: Client, record: models.Model, **values: Any) -> Any:
    """Open the page of a record, alter some fields, save."""
    address = url(type(record), "change", record.pk)
    sent = {**form_of(browser.get(address)), "reason": "核对原件", **values}
    return browser.post(address, {name: value for name, value in sent.items() if value is not None})


class TestTheDoor:
    def test_a_visitor_is_sent_to_the_portals_own_sign_in_and_back(self, client: Client) -> None:
        response = client.get("/admin/events/event/", follow=True)
        assert (
            response.redirect_chain[-1][0]
            == f"/accounts/login/?next={quote('/admin/events/event/', safe='')}"
        )

    @pytest.mark.parametrize("role", sorted(ENTER))
    def test_those_who_keep_records_or_accounts_enter(self, role: str) -> None:
        page = browser_of(role).get("/admin/")
        assert page.status_code == 200
        assert "后台管理" in page.content.decode()

    @pytest.mark.parametrize("role", [*sorted(set(Role) - ENTER), None])
    def test_nobody_else_does_and_is_told_so(self, role: str | None) -> None:
        page = browser_of(role).get("/admin/", follow=True)
        assert page.status_code == 403
        assert "您没有权限进入后台管理" in page.content.decode()

    def test_a_mark_on_the_account_alone_opens_nothing(self, client: Client) -> None:
        client.force_login(UserFactory(is_staff=True))
        assert client.get("/admin/", follow=True).status_code == 403

    def test_a_suspended_account_does_not_enter(self) -> None:
        browser = browser_of("editor")
        User.objects.update(is_active=False)
        assert browser.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")

    def test_signing_out_and_passwords_are_the_portals_own(self) -> None:
        browser = browser_of("editor")
        assert browser.get("/admin/password_change/")["Location"] == reverse("account_change_password")
        assert browser.post("/admin/logout/")["Location"] == reverse("account_logout")

    @pytest.mark.parametrize(
        ("role", "seen", "hidden"),
        [
            ("editor", "/admin/events/event/", "/admin/foundation/auditentry/"),
            ("audit_admin", "/admin/foundation/auditentry/", "/admin/events/event/"),
            ("system_admin", "/admin/organizations/user/", "/admin/foundation/auditentry/"),
            ("security_admin", "/admin/organizations/roleassignment/", "/admin/taskboard/task/"),
        ],
    )
    def test_each_role_sees_its_own_records(self, role: str, seen: str, hidden: str) -> None:
        page = browser_of(role).get("/admin/").content.decode()
        assert seen in page and hidden not in page

    def test_pages_that_write_past_the_services_are_not_taken_in(self) -> None:
        assert not [label for label in PAGES if label.split(".")[0] in ("authtoken", "auth", "account")]

    def test_every_model_of_ours_has_a_page(self) -> None:
        ours = {
            "foundation",
            "organizations",
            "directives",
            "events",
            "taskboard",
            "floodresponse",
            "gazette",
            "notifications",
            "search",
            "zalantun",
        }
        rooms = {label.split(".")[0] for label in PAGES}
        assert ours <= rooms


class TestEveryRecord:
    """One test looks at all kinds and names those that fall short."""

    @pytest.fixture
    def records(self) -> dict[str, models.Model]:
        return one_of_each()

    @pytest.fixture
    def browsers(self) -> dict[str, Client]:
        return {role: browser_of(role) for role in sorted(ENTER)}

    def reader(self, browsers: dict[str, Client], label: str) -> Client:
        return browsers[min(roles_that(PAGES[label].may_view))]

    def test_has_a_sample(self, records: dict[str, models.Model]) -> None:
        assert set(PAGES) == set(records)

    def test_is_listed_in_chinese(
        self, records: dict[str, models.Model], browsers: dict[str, Client]
    ) -> None:
        for label, page in PAGES.items():
            response = self.reader(browsers, label).get(url(label, "changelist"))
            assert response.status_code == 200, label
            text = response.content.decode()
            assert page.where_to_change in text, label
            assert not foreign(r'<div class="text">(.*?)</div>', text), label
            assert chinese(page.opts.verbose_name) and chinese(page.opts.verbose_name_plural), label

    def test_is_found_by_words_and_filters(
        self, records: dict[str, models.Model], browsers: dict[str, Client]
    ) -> None:
        for label, page in PAGES.items():
            browser, address = self.reader(browsers, label), url(label, "changelist")
            text = browser.get(address, {"q": "无此词"} if page.search_fields else {}).content.decode()
            for query in set(re.findall(r'href="(\?[^"]+)"', text)):
                assert browser.get(address + query.replace("&amp;", "&")).status_code == 200, (label, query)

    def test_opens_in_chinese(self, records: dict[str, models.Model], browsers: dict[str, Client]) -> None:
        for label, record in records.items():
            response = self.reader(browsers, label).get(url(label, "change", record.pk))
            assert response.status_code == 200, label
            assert not foreign(r"<label[^>]*>(.*?)</label>", response.content.decode()), label

    def test_shows_what_the_audit_log_says(
        self, records: dict[str, models.Model], browsers: dict[str, Client]
    ) -> None:
        for label, record in records.items():
            response = self.reader(browsers, label).get(url(label, "history", record.pk))
            assert response.status_code == 200, label
        text = browsers["editor"].get(url(Event, "history", records["events.Event"].pk)).content.decode()
        assert "附件文件：上传" in text and "说明.txt" in text

    def test_costs_as_many_queries_for_many_as_for_one(
        self, records: dict[str, models.Model], browsers: dict[str, Client]
    ) -> None:
        few = {label: self.queries(browsers, label) for label in PAGES}
        for n in range(3):
            more_of_everything(n)
        many = {label: self.queries(browsers, label) for label in PAGES}
        assert {label: (few[label], many[label]) for label in PAGES if few[label] < many[label]} == {}
        assert max(many.values()) <= 15

    def queries(self, browsers: dict[str, Client], label: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert self.reader(browsers, label).get(url(label, "changelist")).status_code == 200
        return reads_of_the_page(captured)

    def test_is_closed_to_those_who_may_not_see_it(
        self, records: dict[str, models.Model], browsers: dict[str, Client]
    ) -> None:
        for label, record in records.items():
            for role in sorted(ENTER - roles_that(PAGES[label].may_view)):
                for address in (url(label, "changelist"), url(label, "change", record.pk)):
                    assert browsers[role].get(address).status_code == 403, (role, address)

    def test_keeps_addresses_texts_and_casualties_to_itself(
        self, records: dict[str, models.Model], browsers: dict[str, Client]
    ) -> None:
        told = set()
        for label, record in records.items():
            for role in sorted(roles_that(PAGES[label].may_view)):
                pages = [url(label, "changelist"), url(label, "change", record.pk)]
                shown = "".join(browsers[role].get(page).content.decode() for page in pages)
                told |= {(label, role, secret) for secret in SECRETS if secret in shown}
        assert told == set()

    def test_is_called_by_the_citys_time_of_day(self, records: dict[str, models.Model]) -> None:
        utc = f"{AT:%H:%M}"
        assert [label for label, record in records.items() if utc in str(record)] == []

    def test_is_added_by_those_who_may_and_nobody_else(self, browsers: dict[str, Client]) -> None:
        for label, page in PAGES.items():
            for role, browser in browsers.items():
                response = browser.get(url(label, "add"))
                assert response.status_code == (200 if role in roles_that(page.may_add) else 403), (
                    role,
                    label,
                )
                if response.status_code == 200:
                    text = response.content.decode()
                    assert not foreign(r"<label[^>]*>(.*?)</label>", text), label
                    assert not foreign(r"<th[^>]*>(.*?)</th>", text), label

    def test_is_not_changed_or_deleted_without_a_service(
        self, records: dict[str, models.Model], browsers: dict[str, Client]
    ) -> None:
        for label, record in records.items():
            page, browser, rows = PAGES[label], self.reader(browsers, label), type(record)._default_manager
            before = rows.filter(pk=record.pk).values().get()
            if not page.may_change:
                assert browser.post(url(label, "change", record.pk), {"_save": "1"}).status_code == 403, label
            if not page.may_delete:
                assert browser.post(url(label, "delete", record.pk), {"post": "yes"}).status_code == 403, (
                    label
                )
                action = {"action": "delete_selected", "_selected_action": [str(record.pk)], "post": "yes"}
                browser.post(url(label, "changelist"), action)
            if label != "foundation.AuditHead":
                assert rows.filter(pk=record.pk).values().get() == before, label


def deleted(browser: Client, record: models.Model, reason: str) -> Any:
    """Press the button of the page that asks whether and why."""
    return browser.post(url(type(record), "delete", record.pk), {"post": "yes", "reason": reason})


def chinese(text: object) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", str(text)))


def foreign(pattern: str, text: str) -> list[str]:
    """What stands there without a Chinese character; it must stand there at all."""
    found = [re.sub(r"<[^>]+>", "", part).strip() for part in re.findall(pattern, text, re.DOTALL)]
    return [word for word in found if word and not chinese(word)] if found else [f"nothing fits {pattern}"]


def more_of_everything(n: int) -> None:
    department = DepartmentFactory()
    directive = DirectiveFactory()
    someone = PersonFactory(posts=["副局长"])
    event = EventFactory(people=[someone], departments=[department], citations=["又一方案"])
    event.corrections.create(printed="某", made_on=AT.date())
    task = TaskFactory(leads=[department], task_list__directive=directive)
    task.milestones.create(kind="start", on=AT.date())
    task.targets.create(name="某", value=1, unit="座")
    user = UserFactory(role="viewer", department=department)
    DepartmentAlias.objects.create(name=f"又一别名{n}", department=department)
    PersonVariant.objects.create(printed_name=f"又一印{n}", person=someone)
    directive.citations.create(order=1, title="某")
    directive.stages.create(order=1, name="某")
    directive.annexes.create(order=1, title="某")
    directive.status_changes.create(status="in_force", effective_on=AT.date())
    directive.rosters.create(order=1, name="某").members.create(
        order=1, role="成员", printed_name="某", person=someone
    )
    directive.ledgers.create(kind="land", title="某").columns.create(order=1, name="某")
    directive.reporting_rules.create(rhythm="monthly")
    plan = Plan.objects.create(title="某", year=3000 + n, directive=directive)
    plan.duties.create(order=1, printed_unit="某")
    plan.groups.create(order=1, name="某", leader=someone)
    plan.members.create(order=1, role="成员", printed_name="某", person=someone, unit=department)
    plan.measures.create(situation="response", order=1, summary="某")
    plan.criteria.create(level=1, kind="ponding", lower=50)
    response = plan.responses.create(declared_at=AT, terminated_at=AT, exercise=True)
    record = response.levels.create(level=4, since=AT, decided_by=user)
    work_on_tasks(task, task.targets.get(), user, department, n + 1)
    work_by_the_calendar(directive.reporting_rules.get(), task, user, department, n + 1)
    ledger, rule = directive.ledgers.get(), directive.reporting_rules.get()
    work_on_ledgers(ledger, user, department)
    supervision(task, ledger, rule, department, user)
    observations(user, n + 1)
    reporting(user, department)
    orders(record, plan.measures.get(), department, user, n + 1)
    before_responses(plan.measures.get(), department, user, n + 1)
    readiness(plan, task, department, user, n + 1)
    messages(user, n + 1)


class TestEntries:
    @pytest.fixture
    def event(self) -> Event:
        return EventFactory(title="召开例会", text="青河市召开例会。", publication="draft")

    @pytest.mark.parametrize("state", ["review", "published", "withdrawn"])
    def test_a_text_that_is_no_draft_is_not_changed_here(self, event: Event, state: str) -> None:
        Event.objects.update(publication=state)
        response = change(browser_of("publisher"), event, title="改题")
        assert "不能在此直接改文字" in sentence_of(response) and 'value="改题"' in response.content.decode()
        assert change(browser_of("publisher"), event, topics=[TopicFactory().pk]).status_code == 302
        event.refresh_from_db()
        assert (event.title, event.topics.count()) == ("召开例会", 1)

    def test_a_change_is_on_the_record(self, event: Event) -> None:
        topic = TopicFactory()
        response = change(browser_of("editor"), event, title="召开防汛例会", topics=[topic.pk])
        assert response.status_code == 302, errors_of(response)
        event.refresh_from_db()
        assert (event.title, event.text, list(event.topics.all())) == (
            "召开防汛例会",
            "青河市召开例会。",
            [topic],
        )
        entry = AuditEntry.objects.about(event).get()
        assert (entry.action, entry.reason, entry.actor_label) == ("event.update", "核对原件", "a-editor")
        assert (entry.before, entry.after["title"]) == ({"title": "召开例会"}, "召开防汛例会")
        assert entry.request_id
        version = event.history.first()
        assert (version.title, version.history_change_reason, version.history_user.username) == (
            "召开防汛例会",
            "核对原件",
            "a-editor",
        )

    def test_mentions_survive_a_change_of_words(self) -> None:
        event = EventFactory(
            publication="draft", people=[PersonFactory()], departments=[DepartmentFactory()], citations=["某"]
        )
        assert change(browser_of("editor"), event, title="改题").status_code == 302
        assert (event.officials.count(), event.mentions.count(), event.citations.count()) == (1, 1, 1)

    def test_a_change_needs_a_reason_and_keeps_what_was_typed(self, event: Event) -> None:
        response = change(browser_of("editor"), event, title="改题", reason="")
        assert response.status_code == 200
        assert "必填" in sentence_of(response) and 'value="改题"' in response.content.decode()
        event.refresh_from_db()
        assert event.title == "召开例会"

    def test_an_end_before_the_start_is_one_sentence(self, event: Event) -> None:
        response = change(browser_of("editor"), event, end_date="2023-05-07")
        assert "结束日期早于起始日期" in sentence_of(response)

    @pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "viewer"])
    def test_whoever_may_not_changes_nothing(self, event: Event, role: str) -> None:
        browser = browser_of(role)
        browser.post(url(Event, "change", event.pk), {"title": "改题", "reason": "x"})
        event.refresh_from_db()
        assert event.title == "召开例会"
        assert not AuditEntry.objects.about(event).exists()

    def test_a_service_that_refuses_changes_nothing_and_says_why(
        self, event: Event, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The page's own check and the service's are two: the second holds where the first lets pass."""
        page = admin.site._registry[Event]
        browser = browser_of("system_admin")
        for name in ("has_view_permission", "has_change_permission"):
            monkeypatch.setattr(page, name, lambda *arguments: True)
        response = change(browser, event, title="改题")
        assert response.status_code == 403
        assert "您没有权限修改大事记" in sentence_of(response) and 'value="改题"' in response.content.decode()
        event.refresh_from_db()
        assert event.title == "召开例会"
        assert not AuditEntry.objects.about(event).exists()
        assert event.history.count() == 1

    def test_a_new_entry_is_a_draft(self) -> None:
        sent = {
            "start_date": "2023-05-08",
            "end_date": "2023-05-09",
            "position": 3,
            "title": "开工",
            "text": "开工。",
        }
        browser = browser_of("editor")
        response = browser.post(url(Event, "add"), {**form_of(browser.get(url(Event, "add"))), **sent})
        assert response.status_code == 302, errors_of(response)
        event = Event.objects.get()
        assert (event.title, event.publication) == ("开工", "draft")
        assert AuditEntry.objects.about(event).get().action == "event.create"

    def test_a_correction_stands_beside_the_printed_words(self, event: Event) -> None:
        browser = browser_of("editor")
        sent = {"event": event.pk, "printed": "青河市", "corrected": "清河市", "made_on": "2023-05-08"}
        assert browser.post(url(Correction, "add"), sent).status_code == 302
        assert event.corrections.get().corrected == "清河市"
        assert AuditEntry.objects.about(event).get().action == "event.correction"

    def test_a_correction_of_words_that_are_not_there_is_refused(self, event: Event) -> None:
        sent = {"event": event.pk, "printed": "别处", "corrected": "清河市", "made_on": "2023-05-08"}
        response = browser_of("editor").post(url(Correction, "add"), sent)
        assert "没有这段原文" in sentence_of(response)
        assert response.status_code == 400
        assert not Correction.objects.exists()


class TestDocuments:
    @pytest.fixture
    def directive(self) -> Directive:
        return DirectiveFactory(
            title="通知", number="青政发〔2023〕1号", addressees=["各局", "各街道"], publication="draft"
        )

    def test_a_published_text_is_left_to_its_page(self, directive: Directive) -> None:
        Directive.objects.update(publication="published")
        assert "更正稿由另一位签发人签发" in sentence_of(
            change(browser_of("editor"), directive, title="新题")
        )
        assert change(browser_of("editor"), directive, summary="一句话").status_code == 302

    def test_a_change_is_on_the_record(self, directive: Directive) -> None:
        response = change(
            browser_of("editor"), directive, number="青政发〔2023〕2号", addressees="各局\r\n\r\n各乡镇"
        )
        assert response.status_code == 302, errors_of(response)
        directive.refresh_from_db()
        assert (directive.number, directive.addressees) == ("青政发〔2023〕2号", ["各局", "各乡镇"])
        entry = AuditEntry.objects.about(directive).get()
        assert entry.before == {"number": "青政发〔2023〕1号", "addressees": ["各局", "各街道"]}
        assert directive.history.first().history_change_reason == "核对原件"

    def test_what_was_not_touched_is_not_recorded(self, directive: Directive) -> None:
        change(browser_of("editor"), directive, number="青政发〔2023〕2号")
        assert set(AuditEntry.objects.about(directive).get().before) == {"number"}

    def test_a_number_given_twice_is_one_sentence(self, directive: Directive) -> None:
        other = DirectiveFactory(number="青政发〔2023〕9号")
        response = change(browser_of("editor"), other, number=directive.number)
        assert "已有同一发文字号" in sentence_of(response)

    def test_a_new_document_is_a_draft(self) -> None:
        browser, topic = browser_of("publisher"), TopicFactory()
        sent = {
            "title": "通知",
            "issuer": "青河市人民政府",
            "kind": "notice",
            "topics": [topic.pk],
            "addressees": "各局",
        }
        response = browser.post(
            url(Directive, "add"), {**form_of(browser.get(url(Directive, "add"))), **sent}
        )
        assert response.status_code == 302, errors_of(response)
        directive = Directive.objects.get()
        assert (directive.publication, directive.addressees, list(directive.topics.all())) == (
            "draft",
            ["各局"],
            [topic],
        )

    def test_a_state_is_added_not_changed(self, directive: Directive) -> None:
        browser = browser_of("editor")
        sent = {
            "directive": directive.pk,
            "status": "repealed",
            "effective_on": "2023-06-01",
            "note": "新规取代",
        }
        assert browser.post(url(StatusChange, "add"), sent).status_code == 302
        early = browser.post(url(StatusChange, "add"), {**sent, "effective_on": "2020-01-01"})
        assert "早于该文件的成文日期" in sentence_of(early)
        assert directive.status_changes.get().status == "repealed"

    def test_a_new_subject_takes_its_words_line_by_line_as_its_first_rule(self) -> None:
        sent = {"slug": "flood", "name": "防汛", "words": "排水\n内涝 \n", "order": "1"}
        assert browser_of("editor").post(url(Topic, "add"), sent).status_code == 302
        topic = Topic.objects.get()
        assert topic.rules.get().any_of == ["排水", "内涝"]
        assert change(browser_of("editor"), topic, words="排水\n内涝 \n水毁").status_code == 302
        assert Topic.objects.get().rules.get().any_of == ["排水", "内涝", "水毁"]
        assert AuditEntry.objects.about(topic).latest("sequence").action == "topic.update"
        assert Topic.objects.count() == 1


class TestTasks:
    def test_a_change_is_on_the_record_and_departments_keep_their_printed_names(self) -> None:
        lead, other = DepartmentFactory(), DepartmentFactory()
        task = TaskFactory(leads=[lead], due_on=None)
        task.duties.update(printed_name="老局名")
        response = change(browser_of("editor"), task, due_on="2023-09-30", lead=[lead.pk, other.pk])
        assert response.status_code == 302, errors_of(response)
        task.refresh_from_db()
        assert str(task.due_on) == "2023-09-30"
        assert dict(task.duties.values_list("department", "printed_name")) == {
            lead.pk: "老局名",
            other.pk: other.name,
        }
        assert AuditEntry.objects.about(task).get().after["related"] == ["lead"]
        assert task.history.first().history_change_reason == "核对原件"

    def test_what_was_not_touched_stays(self) -> None:
        task = TaskFactory(leads=[DepartmentFactory(is_active=False)], supporters=[DepartmentFactory()])
        before = set(task.duties.values_list("pk", flat=True))
        assert change(browser_of("editor"), task, title="改题").status_code == 302
        assert set(TaskDepartment.objects.values_list("pk", flat=True)) == before

    def test_a_new_task_is_a_draft_of_its_list(self) -> None:
        task_list, lead = TaskListFactory(), DepartmentFactory()
        sent = {"task_list": task_list.pk, "order": 1, "title": "清淤", "text": "清淤。", "lead": [lead.pk]}
        browser = browser_of("editor")
        response = browser.post(url(Task, "add"), {**form_of(browser.get(url(Task, "add"))), **sent})
        assert response.status_code == 302, errors_of(response)
        task = Task.objects.get()
        assert (task.state, [duty.department for duty in task.leads]) == ("draft", [lead])

    def test_a_place_taken_already_is_one_sentence(self) -> None:
        task = TaskFactory(order=1)
        other = TaskFactory(task_list=task.task_list, order=2)
        response = change(browser_of("editor"), other, order=1)
        assert response.status_code in (200, 409)
        assert "已经存在" in sentence_of(response) or "重复" in sentence_of(response)
        other.refresh_from_db()
        assert other.order == 2

    @pytest.mark.parametrize(
        ("model", "sent"),
        [
            (TaskList, {"title": "又一批清单", "ends_on": "2023-10-31"}),
            (Ledger, {"order": 1, "kind": "hazard", "title": "隐患台账"}),
            (ReportingRule, {"rhythm": "monthly", "content": "进展"}),
            (Plan, {"title": "方案", "year": 2024}),
        ],
    )
    def test_other_things_can_be_set_up(self, model: Any, sent: dict[str, Any]) -> None:
        browser, directive = browser_of("editor"), DirectiveFactory()
        page = form_of(browser.get(url(model, "add")))
        response = browser.post(url(model, "add"), {**page, **sent, "directive": directive.pk})
        assert response.status_code == 302, errors_of(response)
        assert AuditEntry.objects.about(model.objects.get()).exists()


class TestThePlan:
    def test_the_official_wording_is_filled_in_and_nothing_else(self) -> None:
        plan = Plan.objects.create(title="方案", year=2023)
        duty = Duty.objects.create(plan=plan, order=1, printed_unit="甲局", summary="排水")
        assert change(browser_of("editor"), duty, text="负责排水。", summary="改掉").status_code == 302
        duty.refresh_from_db()
        assert (duty.text, duty.summary) == ("负责排水。", "排水")
        assert AuditEntry.objects.about(plan).get().action == "flood_plan.texts"


class TestNames:
    def test_a_department_is_renamed_on_the_record(self) -> None:
        parent, department = DepartmentFactory(), DepartmentFactory(name="甲局", slug="jia")
        response = change(
            browser_of("editor"), department, name="乙局", parent=parent.pk, is_active=None, slug="other"
        )
        assert response.status_code == 302, errors_of(response)
        department.refresh_from_db()
        assert (department.name, department.slug, department.is_active) == ("乙局", "jia", False)
        entry = AuditEntry.objects.about(department).get()
        assert (entry.before["name"], entry.after["name"], entry.after["parent"]) == (
            "甲局",
            "乙局",
            parent.name,
        )

    def test_an_alias_is_added_and_removed(self) -> None:
        department, browser = (
            DepartmentFactory(parent=DepartmentFactory(), office_phone="1"),
            browser_of("editor"),
        )
        before = Department.objects.filter(pk=department.pk).values().get()
        assert (
            browser.post(
                url(DepartmentAlias, "add"), {"name": "老名", "department": department.pk, "reason": "第3页"}
            ).status_code
            == 302
        )
        assert Department.objects.filter(pk=department.pk).values().get() == before
        alias = DepartmentAlias.objects.get()
        assert deleted(browser, alias, "印错").status_code == 302
        actions = AuditEntry.objects.about(department).values_list("action", "reason")
        assert list(actions) == [("department.remove_alias", "印错"), ("department.add_aliases", "第3页")]
        assert not DepartmentAlias.objects.exists()

    def test_several_aliases_are_removed_one_by_one(self) -> None:
        department = DepartmentFactory()
        aliases = [DepartmentAlias.objects.create(name=f"老名{n}", department=department) for n in range(2)]
        action = {
            "action": "delete_selected",
            "_selected_action": [alias.pk for alias in aliases],
            "post": "yes",
        }
        browser, page = browser_of("editor"), url(DepartmentAlias, "changelist")
        assert 'name="reason"' in browser.post(page, {**action, "post": ""}).content.decode()
        refused = browser.post(page, {**action, "reason": " "})
        assert refused.status_code == 400 and "请填写删除理由" in refused.content.decode()
        assert DepartmentAlias.objects.count() == 2
        assert browser.post(page, {**action, "reason": "印错"}).status_code == 302
        reasons = AuditEntry.objects.about(department).values_list("reason", flat=True)
        assert list(reasons) == ["印错", "印错"]

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_nothing_is_deleted_without_a_reason(self, reason: str) -> None:
        alias = DepartmentAlias.objects.create(name="老名", department=DepartmentFactory())
        response = deleted(browser_of("editor"), alias, reason)
        assert response.status_code == 400 and "请填写删除理由" in response.content.decode()
        assert DepartmentAlias.objects.exists() and not AuditEntry.objects.exists()

    def test_a_refused_deletion_says_why_and_keeps_what_was_typed(self) -> None:
        last = UserFactory(role="audit_admin").assignments.get()
        response = deleted(browser_of("security_admin"), last, "轮岗")
        page = response.content.decode()
        assert response.status_code == 409 and "最后一位审计管理员" in page and 'value="轮岗"' in page
        assert RoleAssignment.objects.filter(pk=last.pk).exists()

    def test_a_person_is_corrected_and_told_apart(self) -> None:
        namesake, someone = PersonFactory(name="林甲"), PersonFactory(name="林乙")
        browser = browser_of("editor")
        assert "已经存在" in sentence_of(change(browser, someone, name=namesake.name, qualifier=""))
        assert change(browser, someone, name="林甲", qualifier="局长").status_code == 302
        someone.refresh_from_db()
        assert str(someone) == "林甲（局长）"
        assert AuditEntry.objects.about(someone).get().action == "person.correct"

    def test_posts_and_misprints_are_added(self) -> None:
        someone, department, browser = (
            PersonFactory(name="林甲"),
            DepartmentFactory(name="水务局"),
            browser_of("editor"),
        )
        assert (
            browser.post(url(Post, "add"), {"person": someone.pk, "title": "水务局局长"}).status_code == 302
        )
        sent = {"printed_name": "林曱", "person": someone.pk, "note": "第3页"}
        assert browser.post(url(PersonVariant, "add"), sent).status_code == 302
        assert someone.posts.get().department == department
        assert someone.variants.get().printed_name == "林曱"
        assert AuditEntry.objects.about(someone).count() == 2
        assert deleted(browser, someone.variants.get(), "认错").status_code == 302
        assert not PersonVariant.objects.exists() and Person.objects.count() == 1

    def test_choices_are_looked_up_as_one_types(self) -> None:
        DepartmentFactory(name="水务局")
        found = browser_of("security_admin").get(
            "/admin/autocomplete/",
            {
                "app_label": "organizations",
                "model_name": "roleassignment",
                "field_name": "department",
                "term": "水务",
            },
        )
        assert [choice["text"] for choice in found.json()["results"]] == ["水务局"]


class TestAccounts:
    def test_a_new_account_has_no_role_and_no_plain_password(self) -> None:
        browser = browser_of("system_admin")
        sent = {"username": "lin", "display_name": "林", "password": "Str0ng-enough-9"}
        page = form_of(browser.get(url(User, "add")))
        response = browser.post(url(User, "add"), {**page, **sent})
        assert response.status_code == 302, errors_of(response)
        user = User.objects.get(username="lin")
        assert user.check_password("Str0ng-enough-9") and not user.assignments.exists() and not user.is_staff
        assert "Str0ng" not in str(list(AuditEntry.objects.values()))

    def test_a_weak_password_is_refused_with_a_reason(self) -> None:
        browser = browser_of("system_admin")
        page = form_of(browser.get(url(User, "add")))
        response = browser.post(url(User, "add"), {**page, "username": "lin", "password": "12345678"})
        assert "密码不符合要求" in sentence_of(response)
        assert not User.objects.filter(username="lin").exists()

    def test_an_account_is_suspended_on_the_record(self) -> None:
        user = UserFactory(username="lin")
        response = change(browser_of("system_admin"), user, is_active=None, display_name="林")
        assert response.status_code == 302, errors_of(response)
        user.refresh_from_db()
        assert (user.is_active, user.display_name) == (False, "林")
        assert user.check_password("Str0ng-enough-9")
        assert AuditEntry.objects.about(user).get().action == "user.update"

    def test_another_password_signs_the_person_out(self) -> None:
        user, browser = UserFactory(username="lin"), Client()
        browser.force_login(user)
        assert change(browser_of("system_admin"), user, new_password="An0ther-enough-9").status_code == 302
        user.refresh_from_db()
        assert user.check_password("An0ther-enough-9")
        assert browser.get("/admin/")["Location"].startswith("/admin/login/")
        assert [e.action for e in AuditEntry.objects.about(user)] == ["user.reset_password"]

    def test_nobody_suspends_himself(self) -> None:
        browser = browser_of("system_admin")
        response = change(browser, User.objects.get(username="a-system_admin"), is_active=None)
        assert "不能停用自己" in sentence_of(response)
        assert User.objects.get(username="a-system_admin").is_active

    @pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
    def test_the_last_of_the_other_administrators_is_not_suspended(self, role: Role) -> None:
        last = person(role, "last")
        response = change(browser_of("system_admin"), last, is_active=None)
        assert f"最后一位{role.label}" in sentence_of(response)
        last.refresh_from_db()
        assert last.is_active
        person(role, "another")
        assert change(browser_of("system_admin"), last, is_active=None).status_code == 302

    @pytest.mark.parametrize("role", ["security_admin", "audit_admin"])
    def test_no_stored_password_is_shown(self, role: str) -> None:
        user = UserFactory()
        page = browser_of(role).get(url(User, "change", user.pk)).content.decode()
        assert user.username in page and user.password not in page

    def test_roles_are_given_and_taken_back_and_open_and_close_the_admin(self) -> None:
        user, browser = UserFactory(username="lin"), browser_of("security_admin")
        sent = {"user": user.pk, "role": "editor", "department": ""}
        assert browser.post(url(RoleAssignment, "add"), sent).status_code == 302
        user.refresh_from_db()
        assert user.is_staff
        assert deleted(browser, user.assignments.get(), "轮岗").status_code == 302
        user.refresh_from_db()
        assert not user.is_staff and not user.assignments.exists()
        actions = AuditEntry.objects.about(user).values_list("action", flat=True)
        assert list(actions) == ["user.revoke_role", "user.grant_role"]

    def test_the_three_administrators_are_different_people(self) -> None:
        user, browser = UserFactory(username="lin"), browser_of("security_admin")
        grant_role(actor=None, at=AT, user=user, role=Role.AUDIT_ADMIN)
        response = browser.post(url(RoleAssignment, "add"), {"user": user.pk, "role": "system_admin"})
        assert "须由不同的人担任" in sentence_of(response)
        assert user.assignments.count() == 1

    @pytest.mark.parametrize("role", ["system_admin", "audit_admin", "editor"])
    def test_nobody_else_gives_roles(self, role: str) -> None:
        user = person(None, "lin")
        browser_of(role).post(url(RoleAssignment, "add"), {"user": user.pk, "role": "system_admin"})
        assert not user.assignments.exists()


@pytest.mark.parametrize("label", sorted({"foundation.AuditEntry", "floodresponse.LevelRecord", *HISTORIES}))
def test_what_happened_is_never_changed_here(label: str) -> None:
    page = PAGES[label]
    assert (page.may_add, page.may_change, page.may_delete) == ("", "", "")


@pytest.fixture
def page_console(page: Any) -> list[str]:
    said: list[str] = []
    page.on(
        "console",
        lambda message: said.append(f"{message.type}: {message.text}") if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.mark.django_db(transaction=True)
def test_the_pages_work_in_a_browser_under_the_sites_policy(
    page: Any, page_console: list[str], live_server: Any
) -> None:
    event = EventFactory(topics=[TopicFactory()])
    task = TaskFactory(leads=[DepartmentFactory()])
    browser = browser_of("editor")
    cookie = {"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    for address in (
        "/admin/",
        url(Event, "changelist"),
        url(Event, "change", event.pk),
        url(Task, "change", task.pk),
        url(Task, "add"),
        url(StatusChange, "add"),
        url(Event, "history", event.pk),
    ):
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
    page.goto(live_server.url + url(Task, "add"))
    page.locator(".select2-selection").first.click()
    page.locator(".select2-results__option", has_text=task.task_list.title).click()
    assert page.locator("select[name=task_list]").input_value() == str(task.task_list.pk)
    assert page.locator("select[name=lead]").count() == page.locator("select[name=support]").count() == 1
    assert page_console == []
