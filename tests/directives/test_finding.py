"""Finding documents: as of a day, by year, with conditions that contradict themselves."""

from datetime import date

import pytest

from directives.models import LegalState, StatusChange
from tests.accounts import browser_of
from tests.factories import DirectiveFactory

pytestmark = pytest.mark.django_db
OWN_DAY = "2023-05-08"


def state_as_of(directive, day: str) -> str:
    response = browser_of("anonymous").get(directive.get_absolute_url(), {"as_of": day})
    assert response.status_code == 200
    return str(response.context["status"])


def found(**query: str) -> list[str]:
    return [d.title for d in browser_of("anonymous").get("/directives/", query).context["page"]]


class TestAsOf:
    @pytest.mark.parametrize(
        ("day", "state"),
        [
            ("2023-05-07", LegalState.NOT_ISSUED),
            (OWN_DAY, LegalState.IN_FORCE),
            ("2023-05-09", LegalState.IN_FORCE),
            ("2023-08-31", LegalState.IN_FORCE),
            ("2023-09-01", LegalState.REPEALED),
        ],
    )
    def test_a_document_is_not_in_force_before_its_own_date(self, day: str, state: LegalState) -> None:
        directive = DirectiveFactory(issued_on=date(2023, 5, 8))
        StatusChange.objects.create(
            directive=directive, status="repealed", effective_on=date(2023, 9, 1), standing="confirmed"
        )
        assert state_as_of(directive, day) == state

    def test_the_page_says_so_in_words(self) -> None:
        directive = DirectiveFactory(issued_on=date(2023, 5, 8))
        page = browser_of("anonymous").get(directive.get_absolute_url(), {"as_of": "2023-05-07"})
        assert "尚未发布" in page.content.decode() and "NotInForce" in page.content.decode()

    def test_without_a_printed_date_nothing_is_early(self) -> None:
        assert state_as_of(DirectiveFactory(issued_on=None), "1999-01-01") == LegalState.IN_FORCE

    def test_list_and_interface_filter_by_it(self) -> None:
        DirectiveFactory(title="先发的", issued_on=date(2023, 5, 8))
        DirectiveFactory(title="后发的", issued_on=date(2023, 6, 8))
        assert found(as_of="2023-05-31", status="in_force") == ["先发的"]
        assert found(as_of="2023-05-31", status="not_issued") == ["后发的"]
        answer = browser_of("anonymous").get("/api/v1/directives/?as_of=2023-05-31&status=not_issued").json()
        assert [(row["title"], row["status"]) for row in answer["results"]] == [("后发的", "not_issued")]


class TestConditions:
    def test_by_year(self) -> None:
        for day in (date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1)):
            DirectiveFactory(title=day.isoformat(), issued_on=day)
        assert found(year="2022") == ["2022-12-31", "2022-01-01"]

    def test_a_last_day_before_the_first_is_said_and_refused_by_the_interface(self) -> None:
        query = {"issued_from": "2023-06-01", "issued_to": "2023-05-31"}
        page = browser_of("anonymous").get("/directives/", query).content.decode()
        assert "“成文日期至”（2023-05-31）早于“成文日期自”（2023-06-01）" in page
        answer = browser_of("anonymous").get("/api/v1/directives/", query)
        assert answer.status_code == 400 and list(answer.json()) == ["issued_to"]

    def test_the_same_day_twice_is_a_span(self) -> None:
        DirectiveFactory(title="当天的", issued_on=date(2023, 5, 8))
        assert found(issued_from=OWN_DAY, issued_to=OWN_DAY) == ["当天的"]
