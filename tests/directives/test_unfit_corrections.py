"""A correction that nobody could sign is refused to who types it: a taken number, a date too early."""

from typing import Any

import pytest

from directives.contents import read_directive
from directives.models import Directive
from foundation.models import Revision
from foundation.versions import content_mark
from tests.accounts import browser_of
from tests.api.world import Caller
from tests.directives.test_official_paper import issued
from tests.directives.test_writing import write

pytestmark = pytest.mark.django_db
TAKEN = "青政发〔2023〕8号已是青河市人民政府《第一件》的文号"


@pytest.fixture
def second() -> Directive:
    issued(title="第一件", number="青政发〔2023〕8号")
    return issued(title="第二件", number="青政发〔2023〕9号")


def corrected(directive: Directive, **values: str) -> Any:
    address = f"/directives/{directive.pk}/edit/"
    return write(browser_of("editor"), address, reason="更正", **values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"number": "青政发[2023]8号"}, TAKEN),
        ({"printed_on": "2023-05-07"}, "印发日期早于成文日期"),
    ],
)
def test_the_page_says_so_at_once_and_keeps_what_was_typed(
    second: Directive, values: dict[str, str], words: str
) -> None:
    response = corrected(second, title="改过的第二件", **values)
    page = response.content.decode()
    assert response.status_code == 400 and words in page and "改过的第二件" in page
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    "values", [{"number": "青政发[2023]10号"}, {"printed_on": "2023-05-08"}, {"title": "改过的第二件"}]
)
def test_what_fits_waits_for_its_signature(second: Directive, values: dict[str, str]) -> None:
    assert corrected(second, **values).status_code == 302
    assert Revision.objects.count() == 1


def test_the_interface_says_it_too_and_stores_a_number_in_its_one_form(second: Directive) -> None:
    caller, address = Caller("editor").http, f"/api/v1/directives/{second.pk}/text/"
    sent = {"seen": content_mark(read_directive(second)), "reason": "更正"}
    refused = caller.post(address, sent | {"number": "青政发(2023)8号"}, format="json")
    assert refused.status_code == 400 and TAKEN in refused.content.decode()
    assert not Revision.objects.exists()
    taken = caller.post(address, sent | {"number": "青政发(2023)10号"}, format="json")
    assert taken.status_code == 200
    assert Revision.objects.get().head.content["number"] == "青政发〔2023〕10号"
