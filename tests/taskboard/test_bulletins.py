"""Bulletins: composed from figures, edited, published by another with the next number, withdrawn."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from pypdf import PdfReader

from foundation.errors import DomainError, InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Role, RoleAssignment, User
from taskboard.bulletins.composing import Facts, LateTask, UnitLine, compose, numbered, span_words
from taskboard.models import Bulletin, TaskList
from taskboard.services import bulletins as services
from tests.accounts import browser_of, person
from tests.factories import DepartmentFactory, TaskFactory
from tests.taskboard.campaign import campaign
from tests.taskboard.sheets import sheet_of

NOW = datetime(2023, 6, 5, 1, 0, tzinfo=UTC)
COUNTED = date(2023, 6, 5)
MAY = (date(2023, 5, 1), date(2023, 5, 31))
db = pytest.mark.django_db


class TestWords:
    """Pure."""

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            (date(2023, 5, 1), date(2023, 5, 31), "2023年5月"),
            (date(2023, 4, 1), date(2023, 6, 30), "2023年4月至6月"),
            (date(2024, 2, 1), date(2024, 2, 29), "2024年2月"),
            (date(2023, 1, 1), date(2023, 12, 31), "2023年"),
            (date(2023, 5, 1), date(2023, 5, 30), "2023年5月1日至5月30日"),
            (date(2023, 5, 8), date(2023, 5, 8), "2023年5月8日"),
            (date(2022, 12, 1), date(2023, 1, 31), "2022年12月1日至2023年1月31日"),
        ],
    )
    def test_a_period_by_its_shortest_name(self, start: date, end: date, words: str) -> None:
        assert span_words(start, end) == words

    @pytest.mark.parametrize(("place", "numeral"), [(1, "一"), (10, "十"), (11, "十一")])
    def test_numerals(self, place: int, numeral: str) -> None:
        assert numbered(place) == numeral

    def test_every_figure_is_said_and_nothing_without_a_case(self) -> None:
        quiet = compose(Facts("清沟行动", total=4, closed=4), *MAY, "甲办", COUNTED)
        assert quiet.title == "甲办关于2023年5月《清沟行动》任务办理情况的通报"
        assert [heading for heading, _ in quiet.sections] == ["总体进展", "下步要求"]
        assert quiet.sections[0][1] == (
            "截至2023年6月5日，纳入督查的任务共4项，已办结4项，占100.0%。没有逾期任务。"
        )

    def test_late_tasks_departments_and_missing_reports_are_named(self) -> None:
        facts = Facts(
            "",
            total=20,
            closed=1,
            working=17,
            unsigned=2,
            overdue=12,
            late_tasks=[LateTask("清掏", "水务局", "5月20日", 11)] * 12,
            units=[
                UnitLine("水务局", 1, "80.00", "1/1", "—", "1/1", 0, 0, 0),
                UnitLine("电力局", 2, "79.99", "1/1", "—", "1/1", 0, 0, 0),
            ],
            unreported={"水务局": 2},
        )
        text = dict(compose(facts, *MAY, "甲办", COUNTED).sections)
        assert "水务局（80.00分）" in text["办理较好的部门"] and "电力局" not in text["办理较好的部门"]
        assert text["逾期任务"].splitlines()[0] == "水务局：清掏，时限5月20日，逾期11天。"
        assert text["逾期任务"].splitlines()[-1] == "另有2项逾期任务，由督查部门另行通知。"
        assert text["未按期报送"] == "定期报送到期未报的有：水务局2期。"
        assert (
            "尚未签收2项" in text["总体进展"]
            and "到2023年5月31日已过完成时限、至今未反馈的12项" in text["总体进展"]
        )

    def test_on_the_last_day_itself_one_date_says_both(self) -> None:
        facts = Facts("", total=2, working=2, overdue=1)
        text = compose(facts, *MAY, "甲办", MAY[1]).sections[0][1]
        states, late = text.split("。")[:2]
        assert states == "截至2023年5月31日，纳入督查的任务共2项，已办结0项，占0.0%；正在办理2项"
        assert late == "其中已过完成时限、至今未反馈的1项"

    def test_nothing_issued_is_said(self) -> None:
        assert "没有已下发的任务" in compose(Facts(""), *MAY, "甲办", COUNTED).sections[0][1]


def composed(actor: User | None = None, at: datetime = NOW, **values: Any) -> Bulletin:
    start, end = values.pop("start", MAY[0]), values.pop("end", MAY[1])
    return services.compose_bulletin(
        actor=actor or person("supervisor"), at=at, start=start, end=end, **values
    )


def moved(bulletin: Bulletin, step: str, role: str = "publisher", **values: Any) -> Bulletin:
    values.setdefault("at", NOW)
    values.setdefault("version", bulletin.version)
    return services.move_bulletin(actor=person(role), bulletin=bulletin, step=step, **values)


def published(at: datetime = NOW) -> Bulletin:
    return moved(composed(at=at), "publish", at=at)


def text_of(bulletin: Bulletin, **changed: Any) -> dict[str, Any]:
    return {name: getattr(bulletin, name) for name in services.EDITED} | changed


@db
class TestComposing:
    def test_the_text_says_what_the_portal_counts(self) -> None:
        world = campaign()
        late = world.task("in_progress", title="清掏", due_on=date(2023, 5, 20))
        world.task("closed")
        TaskFactory(state="signed", due_on=date(2023, 5, 1))
        bulletin = composed(task_list=TaskList.objects.get(pk=late.task_list_id))
        facts = bulletin.figures
        assert (facts["total"], facts["closed"], facts["working"], facts["overdue"]) == (2, 1, 1, 1)
        named = {"title": "清掏", "units": "水务局", "due": "5月20日", "days": 11, "task": late.pk}
        assert facts["late_tasks"] == [named]
        assert [unit["name"] for unit in facts["units"]] == ["水务局"]
        assert any("水务局：清掏" in section["text"] for section in bulletin.sections)
        assert (bulletin.publication, bulletin.full_number) == ("draft", "")

    @pytest.mark.parametrize(("due", "overdue"), [(date(2023, 5, 30), 1), (date(2023, 5, 31), 0)])
    def test_overdue_means_on_the_last_day_of_the_period(self, due: date, overdue: int) -> None:
        TaskFactory(state="signed", leads=[DepartmentFactory()], due_on=due)
        assert composed().figures["overdue"] == overdue

    def test_nobody_is_named_for_what_was_due_before_it_was_issued(self) -> None:
        world = campaign()
        world.task("issued", due_on=date(2023, 5, 7))
        world.task("issued", due_on=date(2023, 5, 8), title="清掏")
        assert [task["title"] for task in composed().figures["late_tasks"]] == ["清掏"]

    @pytest.mark.parametrize(
        ("start", "end", "sentence"),
        [
            (date(2023, 5, 2), date(2023, 5, 1), "起始日期应不晚于结束日期"),
            (date(2023, 6, 6), date(2023, 6, 30), "还没有开始"),
            (date(2022, 5, 1), date(2023, 5, 2), "最长 366 天"),
        ],
    )
    def test_a_period_that_cannot_be_reported_on(self, start: date, end: date, sentence: str) -> None:
        with pytest.raises(InvalidInput, match=sentence):
            composed(start=start, end=end)
        assert not Bulletin.objects.exists()

    def test_figures_are_counted_again_and_the_edited_text_stays_in_the_history(self) -> None:
        bulletin = composed()
        services.edit_bulletin(
            actor=person("supervisor"),
            at=NOW,
            bulletin=bulletin,
            version=1,
            changes=text_of(bulletin, opening="改过的开头"),
        )
        TaskFactory(state="signed", leads=[DepartmentFactory()], due_on=date(2023, 5, 20))
        again = services.recompose_bulletin(actor=person("supervisor"), at=NOW, bulletin=bulletin, version=2)
        assert again.figures["overdue"] == 1 and again.opening != "改过的开头"
        assert "改过的开头" in list(bulletin.history.values_list("opening", flat=True))


@db
class TestEditing:
    def test_a_draft_is_changed_on_record(self) -> None:
        bulletin = composed()
        found = services.edit_bulletin(
            actor=person("supervisor"),
            at=NOW,
            bulletin=bulletin,
            version=1,
            changes=text_of(bulletin, title="改过的标题"),
        )
        assert (found.title, found.version) == ("改过的标题", 2)
        entry = AuditEntry.objects.get(action="bulletin.edit")
        assert entry.after == {"title": "改过的标题"} and entry.before == {"title": bulletin.title}

    def test_the_second_of_two_is_told_and_changes_nothing(self) -> None:
        bulletin = composed()
        values: dict[str, Any] = {
            "actor": person("supervisor"),
            "at": NOW,
            "version": 1,
        }
        services.edit_bulletin(**values, bulletin=bulletin, changes=text_of(bulletin, title="甲"))
        with pytest.raises(StateConflict, match="被别人改过"):
            services.edit_bulletin(**values, bulletin=bulletin, changes=text_of(bulletin, title="乙"))
        assert Bulletin.objects.get().title == "甲"

    @pytest.mark.parametrize("state", ["review", "published", "withdrawn"])
    def test_what_left_the_desk_does_not_change(self, state: str) -> None:
        bulletin = composed()
        steps = {"review": ["submit"], "published": ["publish"], "withdrawn": ["publish", "withdraw"]}[state]
        for name in steps:
            moved(bulletin, name, "supervisor" if name == "submit" else "publisher", reason="有误")
        with pytest.raises(StateConflict, match="不能修改"):
            services.edit_bulletin(
                actor=person("supervisor"),
                at=NOW,
                bulletin=bulletin,
                version=1,
                changes=text_of(bulletin, title="改"),
            )

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"title": " "}, "请写明标题"),
            ({"sections": []}, "至少要有一部分"),
            ({"sections": [{"heading": "一", "text": ""}]}, "小标题和内容"),
        ],
    )
    def test_a_text_with_gaps_is_refused(self, changed: dict[str, Any], sentence: str) -> None:
        bulletin = composed()
        with pytest.raises(InvalidInput, match=sentence):
            services.edit_bulletin(
                actor=person("supervisor"),
                at=NOW,
                bulletin=bulletin,
                version=1,
                changes=text_of(bulletin, **changed),
            )


@db
class TestPublishing:
    def test_numbers_run_without_a_gap_through_the_year_and_begin_anew(self) -> None:
        numbers = [published().full_number for _ in range(3)]
        next_year = published(datetime(2023, 12, 31, 16, 0, tzinfo=UTC))
        assert [number[-6:] for number in numbers] == ["023〕1号", "023〕2号", "023〕3号"]
        assert next_year.year == 2024 and next_year.number == 1

    def test_a_refused_publication_takes_no_number(self) -> None:
        both: User = person("supervisor", "both")
        RoleAssignment.objects.create(user=both, role=Role.PUBLISHER)
        own = composed(both)
        with pytest.raises(PermissionRefused, match="另一位签发人"):
            services.move_bulletin(actor=both, at=NOW, bulletin=own, step="publish", version=1)
        own.refresh_from_db()
        assert (own.publication, own.number, own.published_at) == ("draft", None, None)
        assert published().number == 1

    def test_a_withdrawn_bulletin_keeps_its_number_and_says_why(self) -> None:
        first = published()
        with pytest.raises(InvalidInput, match="须写明理由"):
            moved(first, "withdraw", reason=" ")
        gone = moved(first, "withdraw", reason="数据有误")
        assert (gone.publication, gone.number, gone.withdrawal_reason) == ("withdrawn", 1, "数据有误")
        assert published().number == 2
        with pytest.raises(StateConflict, match="另行起草"):
            moved(first, "reopen", "supervisor", reason="再发")

    def test_two_who_press_at_once_publish_once(self) -> None:
        bulletin = composed()
        moved(bulletin, "publish")
        with pytest.raises(StateConflict, match="已印发"):
            moved(bulletin, "publish")
        assert list(Bulletin.objects.values_list("number", flat=True)) == [1]

    @pytest.mark.parametrize("seen", [None, 0, 1, 3])
    def test_a_text_that_the_signer_has_not_seen_is_not_signed(self, seen: int | None) -> None:
        bulletin = composed()
        services.edit_bulletin(
            actor=person("supervisor"),
            at=NOW,
            bulletin=bulletin,
            version=1,
            changes=text_of(bulletin, opening="改过的开头"),
        )
        with pytest.raises(StateConflict, match="被别人改过，没有签发"):
            moved(bulletin, "publish", version=seen)
        bulletin.refresh_from_db()
        assert (bulletin.publication, bulletin.number) == ("draft", None)
        assert moved(bulletin, "publish", version=2).number == 1

    def test_the_database_holds_each_number_once_and_none_unpublished(self) -> None:
        first, second = published(), composed()
        given = {"year": first.year, "number": first.number}
        with pytest.raises(IntegrityError), transaction.atomic():
            Bulletin.objects.filter(pk=second.pk).update(**given)
        with pytest.raises(IntegrityError), transaction.atomic():
            Bulletin.objects.filter(pk=second.pk).update(publication="published")

    def test_a_draft_is_handed_in_returned_and_handed_in_again(self) -> None:
        bulletin = composed()
        moved(bulletin, "submit", "supervisor")
        assert moved(bulletin, "return", reason="核对数字").publication == "draft"
        assert moved(bulletin, "submit", "supervisor").publication == "review"
        assert moved(bulletin, "publish").number == 1

    def test_signers_and_departments_hear_of_it_once(self) -> None:
        signer, unit = person("publisher"), DepartmentFactory(name="水务局")
        officer = person("department_officer")
        RoleAssignment.objects.filter(user=officer).update(department=unit)
        TaskFactory(state="signed", leads=[unit], due_on=date(2023, 5, 20))
        bulletin = composed()
        moved(bulletin, "submit", "supervisor")
        assert Message.objects.filter(recipient=signer, subject=f"待签发：{bulletin.title}").count() == 1
        moved(bulletin, "publish")
        told = Message.objects.get(recipient=officer)
        assert told.subject == f"通报：{bulletin.title}" and "〔2023〕1号" in told.body

    def test_departments_hear_of_a_withdrawal_and_what_waits_is_taken_back(self) -> None:
        unit = DepartmentFactory(name="水务局")
        officer, stranger = person("department_officer"), person("department_officer", "stranger")
        RoleAssignment.objects.filter(user=officer).update(department=unit)
        RoleAssignment.objects.filter(user=stranger).update(department=DepartmentFactory(name="林草局"))
        TaskFactory(state="signed", leads=[unit], due_on=date(2023, 5, 20))
        bulletin = published()
        announced = Message.objects.filter(about=f"bulletin:{bulletin.pk}:published")
        # A message that quiet hours held back.
        announced.update(state=Message.State.PENDING)
        moved(bulletin, "withdraw", reason="数据有误")
        assert [row.state for row in announced] == [Message.State.CANCELLED]
        told = Message.objects.get(about=f"bulletin:{bulletin.pk}:withdrawn")
        assert told.recipient == officer and told.subject == f"通报已撤回：{bulletin.title}"
        assert "〔2023〕1号已撤回" in told.body and "数据有误" in told.body

    @pytest.mark.parametrize("role", [None, *Role.values])
    def test_who_writes_and_who_signs(self, role: str | None) -> None:
        actor, bulletin = person(role), composed(person("supervisor", "writer"))
        may: dict[str, bool] = {}
        for name, call in {
            "compose": lambda: composed(actor),
            "submit": lambda: services.move_bulletin(actor=actor, at=NOW, bulletin=bulletin, step="submit"),
            "publish": lambda: services.move_bulletin(
                actor=actor, at=NOW, bulletin=bulletin, step="publish", version=1
            ),
        }.items():
            try:
                call()
            except PermissionRefused:
                may[name] = False
            else:
                may[name] = True
        writes, signs = role == Role.SUPERVISOR, role == Role.PUBLISHER
        assert may == {"compose": writes, "submit": writes, "publish": signs}


def get(address: str, client: Client) -> Any:
    with time_machine.travel(NOW, tick=False):
        return client.get(address)


@db
class TestPages:
    def test_from_figures_to_paper_in_the_browser(self) -> None:
        writer, signer = browser_of("supervisor"), browser_of("publisher")
        with time_machine.travel(NOW, tick=False):
            made = writer.post("/tasks/bulletins/new/", {"start": "2023-05-01", "end": "2023-05-31"})
            bulletin = Bulletin.objects.get()
            assert made["Location"] == bulletin.get_absolute_url()
            form = writer.get(f"{made['Location']}edit/").context["form"]
            sent = {name: form[name].value() or "" for name in form.fields}
            saved = writer.post(f"{made['Location']}edit/", {**sent, "closing": "请各部门抓紧。"})
            assert saved.status_code == 302
            assert writer.post(f"{made['Location']}submit/").status_code == 302
            refused = writer.post(f"{made['Location']}publish/", follow=True)
            assert "您没有权限签发发布通报" in refused.content.decode()
            assert signer.post(f"{made['Location']}publish/", {"version": "2"}).status_code == 302
            page = signer.get(made["Location"]).content.decode()
        assert "〔2023〕1号" in page and "请各部门抓紧。" in page and "已印发" in page

    def test_what_was_typed_stays_when_it_is_refused(self) -> None:
        bulletin, writer = composed(), browser_of("supervisor")
        address = f"{bulletin.get_absolute_url()}edit/"
        form = writer.get(address).context["form"]
        sent = {name: form[name].value() or "" for name in form.fields} | {"title": "", "closing": "我的话"}
        answer = writer.post(address, sent)
        assert answer.status_code == 400 and "我的话" in answer.content.decode()
        stale = writer.post(address, {**sent, "title": "甲", "version": "7"})
        assert stale.status_code == 409 and "被别人改过" in stale.content.decode()

    @pytest.mark.parametrize("typed", [None, "", "x", "1", "9" * 9])
    def test_the_page_of_the_signer_names_the_text_that_it_shows(self, typed: str | None) -> None:
        bulletin, signer = composed(), browser_of("publisher")
        Bulletin.objects.filter(pk=bulletin.pk).update(version=2)
        address = bulletin.get_absolute_url()
        assert '<input type="hidden" name="version" value="2">' in signer.get(address).content.decode()
        sent = {} if typed is None else {"version": typed}
        page = signer.post(f"{address}publish/", sent, follow=True).content.decode()
        assert "请刷新页面，看过现在的文字再签发" in page and "〔2023〕" not in page
        bulletin.refresh_from_db()
        assert bulletin.publication == "draft"

    def test_drafts_are_for_those_who_write_and_sign(self) -> None:
        draft, public = composed(), published()
        roles = ("anonymous", None, "viewer", "department_officer", "editor", "supervisor", "publisher")
        seen = {
            role: [
                browser_of(role).get(f"{row.get_absolute_url()}{end}").status_code
                for row in (draft, public)
                for end in ("", "bulletin.pdf")
            ]
            for role in roles
        }
        staff = [404, 404, 200, 200]
        assert seen == {
            "anonymous": [302] * 4,
            None: [403] * 4,
            "viewer": staff,
            "department_officer": staff,
            "editor": staff,
            "supervisor": [200] * 4,
            "publisher": [200] * 4,
        }

    @pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
    def test_only_the_supervisor_opens_the_pages_of_writing(self, role: str | None) -> None:
        client, draft = browser_of(role), composed(person("supervisor", "writer"))
        wanted = 200 if role == Role.SUPERVISOR else 302 if role == "anonymous" else 403
        for address in ("/tasks/bulletins/new/", f"{draft.get_absolute_url()}edit/"):
            assert client.get(address).status_code == wanted
        listed = 302 if role == "anonymous" else 403 if role is None else 200
        assert client.get("/tasks/bulletins/").status_code == listed
        assert client.get("/tasks/bulletins/bulletins.xlsx").status_code == listed

    def test_the_list_is_filtered_sorted_and_exported(self) -> None:
        first, second, draft = published(), published(NOW + timedelta(days=1)), composed()
        client = browser_of("supervisor")

        def titles(query: str) -> list[int]:
            return [row.pk for row in get(f"/tasks/bulletins/{query}", client).context["page"]]

        assert titles("") == [draft.pk, second.pk, first.pk]
        assert titles("?publication=draft") == [draft.pk]
        assert titles("?year=2023&sort=number") == [first.pk, second.pk]
        assert titles("?q=没有这个词") == []
        assert "没有符合条件的通报" in get("/tasks/bulletins/?q=没有这个词", client).content.decode()
        content = get("/tasks/bulletins/bulletins.xlsx?publication=published", client).content
        sheet = sheet_of(content)
        assert [row[0].value[-6:] for row in sheet.iter_rows(min_row=2)] == ["023〕2号", "023〕1号"]

    def test_an_empty_list_says_what_would_fill_it(self) -> None:
        assert "还没有通报" in get("/tasks/bulletins/", browser_of("viewer")).content.decode()

    def test_a_withdrawn_bulletin_says_so_and_is_not_printed(self) -> None:
        bulletin = published()
        moved(bulletin, "withdraw", reason="数据有误")
        client = browser_of("viewer")
        page = get(bulletin.get_absolute_url(), client).content.decode()
        assert "撤回" in page and "数据有误" in page and bulletin.sections[0]["text"] in page
        answer = get(f"{bulletin.get_absolute_url()}bulletin.pdf", client)
        assert answer.status_code == 404 and "已撤回" in answer.content.decode()

    def test_the_paper_bears_number_parts_signature_and_annex(self) -> None:
        TaskFactory(state="signed", leads=[DepartmentFactory(name="水务局")], due_on=date(2023, 5, 20))
        bulletin = published()
        answer = get(f"{bulletin.get_absolute_url()}bulletin.pdf", browser_of("viewer"))
        pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
        whole = "".join(pages).replace("\n", "")
        assert bulletin.full_number in whole and "一、总体进展" in whole and "2023年6月5日" in whole
        # The last page is the back of the annex, with the imprint alone.
        assert "附件" in pages[-2] and "水务局" in pages[-2] and "草稿" not in whole
        assert "印发" in pages[-1] and len(pages) % 2 == 0

    def test_a_draft_on_paper_says_so(self) -> None:
        answer = get(f"{composed().get_absolute_url()}bulletin.pdf", browser_of("supervisor"))
        whole = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
        assert "草稿" in "".join(whole.split()) and "〕　号" in whole.replace(" ", "")

    def test_the_text_is_shown_as_text(self) -> None:
        bulletin = composed()
        Bulletin.objects.filter(pk=bulletin.pk).update(opening="<script>alert(1)</script>")
        page = get(bulletin.get_absolute_url(), browser_of("supervisor")).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page

    def test_an_unknown_step_is_no_address(self) -> None:
        bulletin = composed()
        assert browser_of("supervisor").post(f"{bulletin.get_absolute_url()}nonsense/").status_code == 404
        with pytest.raises(DomainError, match="另行起草"):
            moved(bulletin, "nonsense", "supervisor")
