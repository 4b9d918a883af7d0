"""Links between entries, documents and tasks: proposed by their words, decided by an editor, shown."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from taskboard import tasks
from taskboard.linking.likeness import NUMBER, SAME_DAY, TITLE, Record, likenesses
from taskboard.models import RecordLink
from taskboard.services.linking import add_link, decide_links, propose_links
from tests.accounts import browser_of, person, reads_of_the_page
from tests.factories import DirectiveFactory, EventFactory, TaskFactory

AT = datetime(2023, 9, 1, 4, 0, tzinfo=UTC)
DAY = date(2023, 5, 8)
State = RecordLink.State


def like(text: str, named: Record, day: date | None = None) -> tuple[int, tuple[str, ...]] | None:
    found = list(likenesses([Record(1, "", text, day)], [named]))
    return (found[0].strength, found[0].reasons) if found else None


class TestLikeness:
    @pytest.mark.parametrize("number", ["青政发〔2023〕5号", "青政发[2023]5号", "青政发（2023）5号"])
    def test_a_document_number_in_any_brackets(self, number: str) -> None:
        named = Record(2, "供热的通知", number="青政发〔2023〕5号")
        assert like(f"学习{number}文件", named) == (NUMBER, ("文中写有文号青政发〔2023〕5号",))

    def test_another_number_is_another_document(self) -> None:
        assert like("学习青政发〔2023〕15号", Record(2, "供热", number="政发〔2023〕1号")) is None

    def test_a_title_in_the_text_and_the_same_day(self) -> None:
        named = Record(2, "城市供热保障实施方案", day=DAY)
        assert like("研究《城市供热保障 实施方案》", named) == (TITLE, ("文中写有题名",))
        assert like("研究城市供热保障实施方案", named, DAY) == (100, ("文中写有题名", "日期相同"))

    @pytest.mark.parametrize(
        ("shared", "day", "proposed"),
        [
            ("老旧管网改造工", None, False),
            ("老旧管网改造工程", None, True),
            ("老旧管网改造", None, False),
            ("老旧管网改造", DAY, True),
            ("老旧管网改", DAY, False),
        ],
    )
    def test_words_in_common_count_from_eight_signs_or_six_on_the_same_day(
        self, shared: str, day: date | None, proposed: bool
    ) -> None:
        named = Record(2, "老旧管网改造工程建设任务书", day=DAY)
        assert bool(like(f"检查{shared}", named, day)) is proposed

    @pytest.mark.parametrize("text", ["查老旧管网改造工程的事", "老旧管网改造工程"])
    def test_the_reason_quotes_the_whole_run_in_common(self, text: str) -> None:
        found = like(text, Record(2, "推进老旧管网改造工程建设任务书", plan="绿化方案"))
        assert found is not None and found[1] == ("都写有“老旧管网改造工程”等相同词句",)

    def test_what_many_titles_share_says_nothing(self) -> None:
        named = [Record(n, f"青河市人民政府工作任务第{n}项") for n in range(5)]
        assert list(likenesses([Record(9, "", "青河市人民政府工作任务")], named)) == []

    def test_the_same_day_alone_is_no_likeness(self) -> None:
        assert SAME_DAY and like("检查防汛", Record(2, "供热保障实施方案", day=DAY), DAY) is None


@pytest.fixture
def three(db: None) -> dict[str, Any]:
    return {
        "event": EventFactory(title="推进老旧管网改造工程", text="青政发〔2023〕5号，老旧管网改造工程。"),
        "directive": DirectiveFactory(title="关于供热的通知", number="青政发〔2023〕5号"),
        "task": TaskFactory(title="老旧管网改造工程完工", text="完工"),
    }


def pairs() -> set[tuple[str, ...]]:
    ends = ("event", "directive", "task")
    return {tuple(e for e in ends if getattr(link, f"{e}_id")) for link in RecordLink.objects.all()}


class TestProposing:
    def test_of_all_three_kinds_and_only_once(self, three: dict[str, Any]) -> None:
        tasks.propose_record_links()
        assert pairs() == {("event", "directive"), ("event", "task")}
        assert propose_links(at=AT) == 0

    def test_a_document_named_in_a_task(self, three: dict[str, Any]) -> None:
        three["task"].text = "按青政发〔2023〕5号办理"
        three["task"].save()
        propose_links(at=AT)
        assert ("directive", "task") in pairs()

    def test_not_what_is_linked_in_print(self, three: dict[str, Any]) -> None:
        three["event"].citations.create(title="通知", directive=three["directive"])
        propose_links(at=AT)
        assert pairs() == {("event", "task")}

    def test_not_what_was_refused(self, three: dict[str, Any]) -> None:
        propose_links(at=AT)
        keys = RecordLink.objects.values_list("pk", flat=True)
        decide_links(actor=person("editor"), at=AT, links=keys, confirmed=False)
        assert propose_links(at=AT) == 0 and not RecordLink.objects.proposed().exists()


class TestDeciding:
    def test_twice_is_one_change_and_one_sentence(self, three: dict[str, Any]) -> None:
        propose_links(at=AT)
        keys = list(RecordLink.objects.values_list("pk", flat=True))
        assert decide_links(actor=person("editor"), at=AT, links=keys, confirmed=True) == len(keys)
        with pytest.raises(StateConflict, match="已由他人处理"):
            decide_links(actor=person("publisher"), at=AT, links=keys, confirmed=True)

    def test_only_the_desk_decides(self, three: dict[str, Any]) -> None:
        with pytest.raises(PermissionRefused):
            decide_links(actor=person("supervisor"), at=AT, links=[], confirmed=True)

    def test_by_hand_two_records_of_two_kinds(self, three: dict[str, Any]) -> None:
        common: dict[str, Any] = {"actor": person("editor"), "at": AT}
        link = add_link(**common, one=three["task"], other=three["directive"])
        assert (link.state, link.decided_by) == (State.CONFIRMED, person("editor"))
        with pytest.raises(StateConflict, match="已经关联"):
            add_link(**common, one=three["directive"], other=three["task"])
        with pytest.raises(InvalidInput, match="同一种"):
            add_link(**common, one=three["event"], other=EventFactory())


class TestPages:
    @pytest.fixture
    def linked(self, three: dict[str, Any]) -> dict[str, Any]:
        for one, other in (("event", "directive"), ("event", "task"), ("directive", "task")):
            add_link(actor=person("editor"), at=AT, one=three[one], other=three[other])
        return three

    @pytest.mark.parametrize("on", ["event", "directive", "task"])
    def test_each_page_leads_to_the_other_two(self, linked: dict[str, Any], on: str) -> None:
        page = browser_of("viewer").get(linked[on].get_absolute_url()).content.decode()
        for other in {"event", "directive", "task"} - {on}:
            assert f'href="{linked[other].get_absolute_url()}"' in page

    def test_visitors_see_no_tasks_and_nobody_what_is_not_confirmed(self, linked: dict[str, Any]) -> None:
        page = browser_of("anonymous").get(linked["event"].get_absolute_url()).content.decode()
        assert linked["directive"].get_absolute_url() in page and "老旧管网改造工程完工" not in page
        RecordLink.objects.update(state=State.PROPOSED)
        page = browser_of("viewer").get(linked["event"].get_absolute_url()).content.decode()
        assert "关联记录" not in page

    def test_one_by_its_button_or_several_by_ticks(self, three: dict[str, Any]) -> None:
        propose_links(at=AT)
        browser = browser_of("editor")
        first, second = RecordLink.objects.values_list("pk", flat=True)
        page = browser.get("/tasks/links/")
        assert page.context["page"].paginator.count == 2 and "文中写有文号" in page.content.decode()
        browser.post("/tasks/links/decide/", {"way": f"confirm:{first}", "link": [second]})
        assert RecordLink.objects.get(pk=second).state == State.PROPOSED
        browser.post("/tasks/links/decide/", {"way": "refuse", "link": [second]})
        assert RecordLink.objects.get(pk=second).state == State.REFUSED
        assert "没有待确认的关联" in browser.get("/tasks/links/").content.decode()
        assert browser.get("/tasks/links/?state=refused").context["page"].paginator.count == 1
        nothing = browser.post("/tasks/links/decide/", {"way": "confirm"}, follow=True)
        assert "没有选中任何一条" in nothing.content.decode()

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("query", "address"),
        [
            ("", "/tasks/links/"),
            ("q=%E6%B2%B3&page=2", "/tasks/links/?q=%E6%B2%B3&page=2"),
            ("q=河", "/tasks/links/?q=%E6%B2%B3"),
            ("a\r\nX-Another: 1", "/tasks/links/?a%0D%0AX-Another:%201"),
        ],
    )
    def test_the_way_back_keeps_what_was_asked_and_is_always_an_address(
        self, query: str, address: str
    ) -> None:
        answer = browser_of("editor").post("/tasks/links/decide/", {"way": "refuse", "query": query})
        assert answer.status_code == 302 and answer["Location"] == address
        assert "X-Another" not in answer.headers

    def test_by_the_addresses_of_two_pages(self, three: dict[str, Any]) -> None:
        browser = browser_of("editor")
        urls = [f"https://x.example{three[name].get_absolute_url()}" for name in ("event", "task")]
        page = browser.post("/tasks/links/add/", {"one": urls[0], "other": urls[1]}, follow=True)
        assert "已关联" in page.content.decode() and RecordLink.objects.confirmed().count() == 1
        wrong = browser.post("/tasks/links/add/", {"one": "abc", "other": urls[1]}, follow=True)
        assert "“abc”不是记录的网址" in wrong.content.decode()

    @pytest.mark.parametrize(
        ("role", "status"), [("anonymous", 302), ("viewer", 403), ("supervisor", 403), ("editor", 200)]
    )
    def test_only_the_desk_sees_proposals(self, db: None, role: str, status: int) -> None:
        for path in ("", "links.csv", "links.xlsx"):
            assert browser_of(role).get(f"/tasks/links/{path}").status_code == status

    def test_the_number_of_queries_does_not_grow(self, db: None) -> None:
        browser = browser_of("editor")

        def cost() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get("/tasks/links/").status_code == 200
            return reads_of_the_page(captured)

        def grow() -> None:
            for _ in range(3):
                RecordLink.objects.create(event=EventFactory(), task=TaskFactory(), proposed_at=AT)

        grow()
        cost()
        first = cost()
        grow()
        assert cost() == first <= 15
