"""The list of documents and the page of one, as visitors, staff and editors see them."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from directives.models import Directive, StatusChange, Topic
from directives.services import (
    AnnexContent,
    CitationContent,
    DirectiveContent,
    MemberContent,
    RosterContent,
    SectionContent,
    create_directive,
    link_citations,
)
from events.models import Event, EventDirective
from floodresponse.models import Plan
from organizations.services import NameDirectory
from taskboard.models import Task, TaskList
from tests.accounts import browser_of, reads_of_the_page
from tests.factories import DirectiveFactory

pytestmark = pytest.mark.django_db
ROLES = ["anonymous", "viewer", "editor"]


def make(title: str, publication: str = "published", **content) -> Directive:
    at = timezone.now()
    return create_directive(
        actor=None,
        at=at,
        content=DirectiveContent(title=title, **{"issuer": "青河市人民政府", **content}),
        publication=publication,
        directory=NameDirectory(actor=None, at=at),
    )


def shown(client: Client, **query: str) -> list[str]:
    return [directive.title for directive in client.get("/directives/", query).context["page"]]


# -- who sees what ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "statuses"),
    [("anonymous", (200, 404, 404)), ("viewer", (200, 200, 404)), ("editor", (200, 200, 200))],
)
def test_public_internal_and_draft_documents_open_for_whom_they_are_meant(
    role: str, statuses: tuple[int, ...]
) -> None:
    documents = [make("公开的通知"), make("内部的通知", is_public=False), make("草稿通知", "draft")]
    client = browser_of(role)
    assert tuple(client.get(d.get_absolute_url()).status_code for d in documents) == statuses
    assert len(shown(client)) == statuses.count(200)


def test_tasks_and_ledgers_beside_a_document_are_for_staff() -> None:
    directive = make("关于治理积水的通知")
    task_list = TaskList.objects.create(title="治理积水清单", directive=directive)
    Task.objects.create(task_list=task_list, order=1, title="疏通旧管")
    pages = {role: browser_of(role).get(directive.get_absolute_url()).content.decode() for role in ROLES}
    assert "治理积水清单" not in pages["anonymous"] and "疏通旧管" not in pages["anonymous"]
    for role in ("viewer", "editor"):
        assert "治理积水清单" in pages[role] and "疏通旧管" in pages[role]


def test_tasks_of_other_lists_are_found_by_the_words_of_the_topic() -> None:
    directive = make("防内涝方案")
    topic = Topic.objects.create(slug="t", name="防涝")
    topic.rules.create(any_of=["易涝"])
    directive.topics.add(topic)
    task_list = TaskList.objects.create(title="百日清单")
    Task.objects.create(task_list=task_list, order=1, title="排查易涝点")
    Task.objects.create(task_list=task_list, order=2, title="修剪行道树")
    related = browser_of("viewer").get(directive.get_absolute_url()).context["related"]
    assert [task.title for task in related.rows] == ["排查易涝点"]
    assert related.topics == ("防涝",)


def test_a_draft_entry_that_names_the_document_is_hidden_from_visitors() -> None:
    directive = make("防内涝方案")
    for title, publication in (("已发布的条目", "published"), ("草稿条目", "draft")):
        event = Event.objects.create(
            start_date=date(2031, 7, 1),
            end_date=date(2031, 7, 1),
            position=1,
            title=title,
            publication=publication,
        )
        EventDirective.objects.create(event=event, title=directive.title, directive=directive)
    page = browser_of("anonymous").get(directive.get_absolute_url()).content.decode()
    assert "已发布的条目" in page and "草稿条目" not in page


# -- the page -----------------------------------------------------------------------------------


def test_facts_that_were_not_printed_are_said_to_be_missing() -> None:
    directive = make("审核意见", annexes=(AnnexContent("附件", "评分表", printed=False),))
    page = browser_of("anonymous").get(directive.get_absolute_url()).content.decode()
    for words in ("公报未印", "原文未印", "原文未附", "评分表", "公报原文未导入"):
        assert words in page


def test_sections_carry_their_anchors_and_levels_their_colour() -> None:
    sections = (
        SectionContent(1, "一", "实施", ""),
        SectionContent(2, "（一）", "级别", "条件如下：\nII 级响应启动条件：雨大。"),
    )
    directive = make("防内涝方案", sections=sections)
    Plan.objects.create(title="方案", year=2031, directive=directive)
    page = browser_of("anonymous").get(directive.get_absolute_url()).content.decode()
    assert 'id="s1-1"' in page and 'href="#s1-1"' in page
    assert "doc-level-2" in page and "II级 橙" in page


def test_roster_names_link_to_people_and_keep_the_printed_form() -> None:
    roster = RosterContent("", (MemberContent("组长", "某甲", "市长"), MemberContent("成员", "某乙", "局长")))
    directive = make("成立专班的通知", rosters=(roster,))
    member = directive.rosters.get().members.get(printed_name="某乙")
    assert member.person is not None
    page = browser_of("anonymous").get(directive.get_absolute_url()).content.decode()
    assert member.person.get_absolute_url() in page
    assert "成员 1 人" in page


def test_citations_link_both_ways_and_what_is_not_here_is_said() -> None:
    old = make("旧办法")
    new = make(
        "新办法",
        preamble="依据《旧办法》《别市办法》。",
        citations=(CitationContent("旧办法"), CitationContent("别市办法")),
    )
    client = browser_of("anonymous")
    page = client.get(new.get_absolute_url()).content.decode()
    assert f'href="{old.get_absolute_url()}"' in page and "未收录" in page
    assert [c.directive for c in client.get(old.get_absolute_url()).context["cited_by"]] == [new]


def test_a_cited_document_that_the_visitor_may_not_see_counts_as_absent() -> None:
    hidden = make("内部办法", "draft")
    citing = make("新办法", citations=(CitationContent("内部办法"),))
    link_citations()
    pages = {role: browser_of(role).get(citing.get_absolute_url()) for role in ("anonymous", "editor")}
    assert hidden.get_absolute_url() not in pages["anonymous"].content.decode()
    assert hidden.get_absolute_url() in pages["editor"].content.decode()


def test_the_citation_names_only_what_was_printed() -> None:
    directive = make("印发《方案》的通知", issued_on=date(2031, 8, 3), source="青河市公报")
    context = browser_of("anonymous").get(directive.get_absolute_url()).context
    assert context["citation_text"] == "《印发〈方案〉的通知》（青河市人民政府，2031年8月3日，青河市公报）"


def test_the_page_carries_the_metadata_of_an_article() -> None:
    page = (
        browser_of("anonymous")
        .get(make("通知", issued_on=date(2031, 8, 3)).get_absolute_url())
        .content.decode()
    )
    assert '<meta name="ArticleTitle" content="通知">' in page
    assert '<meta name="PubDate" content="2031-08-03 00:00">' in page
    assert "ContentSource" in page


# -- status as of a day -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2031-12-31", "现行有效"), ("2032-01-01", "已废止"), ("2032-06-01", "已废止"), ("昨天", None)],
)
def test_the_status_is_that_of_the_chosen_day(as_of: str, status: str | None) -> None:
    directive = make("办法", issued_on=date(2031, 1, 1))
    StatusChange.objects.create(directive=directive, status="repealed", effective_on=date(2032, 1, 1))
    context = browser_of("anonymous").get(directive.get_absolute_url(), {"as_of": as_of}).context
    if status is None:
        assert context["as_of"] == timezone.localdate()
    else:
        assert context["status"].label == status


def test_the_list_filters_by_status_as_of_a_day() -> None:
    directive = make("办法", issued_on=date(2031, 1, 1))
    StatusChange.objects.create(directive=directive, status="repealed", effective_on=date(2032, 1, 1))
    client = browser_of("anonymous")
    assert shown(client, status="repealed", as_of="2031-12-31") == []
    assert shown(client, status="repealed", as_of="2032-01-01") == ["办法"]


# -- filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["供热通知", "积水方案", "审核意见"]),
        ({"q": "积水"}, ["积水方案"]),
        ({"q": "锅炉"}, ["供热通知"]),
        ({"q": "防洪法"}, ["积水方案"]),
        ({"q": "青政发〔2031〕"}, ["供热通知"]),
        ({"q": "锅炉 积水"}, []),
        ({"issuer": "青河市人民政府办公室"}, ["供热通知"]),
        ({"kind": "plan"}, ["积水方案"]),
        ({"issued_from": "2031-08-01"}, ["供热通知"]),
        ({"issued_to": "2031-07-04"}, ["积水方案"]),
        ({"issued_from": "2031-07-05", "issued_to": "2031-08-28"}, []),
        ({"topic": "t"}, ["积水方案"]),
        ({"sort": "issued_on"}, ["积水方案", "供热通知", "审核意见"]),
        ({"sort": "title"}, ["供热通知", "审核意见", "积水方案"]),
        ({"sort": "nonsense", "page": "99"}, ["供热通知", "积水方案", "审核意见"]),
    ],
)
def test_the_list_filters_and_sorts(query: dict[str, str], found: list[str]) -> None:
    make("审核意见", kind="opinion")
    make(
        "供热通知",
        kind="notice",
        issuer="青河市人民政府办公室",
        number="青政发〔2031〕3号",
        issued_on=date(2031, 8, 29),
        sections=(SectionContent(1, "一", "", "检修锅炉。"),),
    )
    plan = make("积水方案", kind="plan", issued_on=date(2031, 7, 4), citations=(CitationContent("防洪法"),))
    plan.topics.add(Topic.objects.create(slug="t", name="防涝"))
    assert shown(browser_of("anonymous"), **query) == found


def test_a_filter_that_cannot_be_read_is_named_and_the_rest_is_shown() -> None:
    make("通知")
    response = browser_of("anonymous").get("/directives/", {"issued_from": "32月"})
    assert response.status_code == 200
    assert "不能识别" in response.content.decode()


def test_issuers_to_choose_from_are_those_of_documents_one_may_see() -> None:
    make("草稿", "draft", issuer="密办")
    assert "密办" not in browser_of("anonymous").get("/directives/").content.decode()


# -- what it does to others ---------------------------------------------------------------------


@pytest.mark.parametrize(("role", "hidden_shown"), [("anonymous", False), ("viewer", True)])
def test_the_page_lists_what_the_document_amends_repeals_and_cites(role: str, hidden_shown: bool) -> None:
    amended = DirectiveFactory(title="甲办法", number="青政发〔2019〕2号")
    repealed = DirectiveFactory(title="乙办法", issued_on=date(2018, 5, 6))
    hidden = DirectiveFactory(title="内部办法", is_public=False)
    waiting = DirectiveFactory(title="丁办法")
    new = DirectiveFactory(title="新办法")
    for changed, status, standing in (
        (amended, "amended", "confirmed"),
        (repealed, "repealed", "confirmed"),
        (hidden, "repealed", "confirmed"),
        (waiting, "amended", "proposed"),
    ):
        changed.status_changes.create(
            status=status, effective_on=date(2024, 3, 1), by_directive=new, standing=standing
        )
    new.citations.create(order=1, title="乙办法", target=repealed)
    text = " ".join(strip_tags(browser_of(role).get(new.get_absolute_url()).content.decode()).split())
    assert "修改了甲办法自 2024年3月1日 起 · 青政发〔2019〕2号" in text
    assert "废止了乙办法自 2024年3月1日 起" in text
    assert "引用了乙办法2018年5月6日" in text
    assert ("废止了内部办法" in text) is hidden_shown
    assert "丁办法" not in text


# -- queries ------------------------------------------------------------------------------------


def fill(number: int) -> list[Directive]:
    made = []
    for n in range(number):
        roster = RosterContent("", tuple(MemberContent("成员", f"某{n}{m}", "局长") for m in range(number)))
        sections = tuple(SectionContent(1, "一", f"标题{m}", "正文。") for m in range(number))
        cited = tuple(CitationContent(f"办法{m}") for m in range(number))
        made.append(make(f"办法{n}", sections=sections, rosters=(roster,), citations=cited))
        task_list = TaskList.objects.create(title=f"清单{n}", directive=made[-1])
        Task.objects.bulk_create(Task(task_list=task_list, order=m, title=f"任务{m}") for m in range(number))
    return made


@pytest.mark.parametrize("role", ROLES)
def test_pages_cost_the_same_queries_however_much_there_is(role: str) -> None:
    client = browser_of(role)

    def cost(directive: Directive) -> list[int]:
        counts = []
        for address in ("/directives/", directive.get_absolute_url()):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(reads_of_the_page(captured))
        return counts

    client.get("/directives/")  # what all pages share is in the cache from here on
    few = cost(fill(1)[0])
    assert cost(fill(9)[-1]) == few
    assert max(few) <= 15


@pytest.mark.parametrize("role", ROLES)
def test_the_list_makes_fifteen_queries_at_most_all_told(role: str, django_assert_max_num_queries) -> None:
    fill(2)
    client = browser_of(role)
    client.get("/directives/")
    with django_assert_max_num_queries(15):
        client.get("/directives/")


@pytest.mark.parametrize("brackets", ["〔〕", "[]", "（）", "()", "【】"])
@pytest.mark.parametrize("address", ["/directives/", "/api/v1/directives/"])
def test_a_number_is_found_with_any_brackets(address: str, brackets: str) -> None:
    typed = f"青政发{brackets[0]}2023{brackets[1]}8号"
    DirectiveFactory(title="括号各异的通知", number="青政发〔2023〕8号")
    DirectiveFactory(title="别的通知", number="青政发〔2023〕9号")
    text = Client().get(address, {"q": typed}).content.decode()
    assert "括号各异的通知" in text and "别的通知" not in text
