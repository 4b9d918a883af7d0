"""Signing is not offered to who wrote a correction; titles in notices take inner marks."""

import pytest

from directives.models import DirectiveCorrection
from events.models import Event
from foundation.models import Revision
from gazette.issues.paper import _corrections
from tests.accounts import browser_of
from tests.directives.test_official_paper import issued
from tests.directives.test_writing import write
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
OWN = "此更正稿由您最后修改，须由另一位签发人签发。"


def submitted(role: str, kind: str) -> str:
    record = issued() if kind == "directive" else EventFactory(publication=Event.Publication.PUBLISHED)
    address = f"/directives/{record.pk}/" if kind == "directive" else f"/events/entries/{record.pk}/"
    response = write(browser_of(role), f"{address}edit/", title="另一个标题", reason="改题", submit="1")
    assert response.status_code == 302 and Revision.objects.get().state == Revision.State.REVIEW
    return address


@pytest.mark.parametrize("kind", ["directive", "event"])
@pytest.mark.parametrize(("writer", "offered"), [("publisher", False), ("editor", True)])
def test_who_wrote_a_correction_is_told_that_another_signs_it(kind: str, writer: str, offered: bool) -> None:
    page = browser_of("publisher").get(submitted(writer, kind)).content.decode()
    assert ("签发更正</button>" in page) is offered
    assert (OWN in page) is not offered
    assert "放弃更正</button>" in page


def test_a_title_within_a_title_takes_inner_marks_in_the_next_issue() -> None:
    directive = issued(title="青河市人民政府关于印发《防汛方案》的通知")
    notice = DirectiveCorrection(directive=directive, printed="防讯", corrected="防汛")
    assert "《青河市人民政府关于印发〈防汛方案〉的通知》" in _corrections([], [notice]).html
