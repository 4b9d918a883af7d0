"""Pages for what is not there and for what went wrong."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/nowhere/", "/directives/987654/"])
def test_an_unknown_address_is_a_page_of_the_portal(address: str) -> None:
    response = Client().get(address)
    page = response.content.decode()
    assert response.status_code == 404
    assert "没有" in page and "No Directive matches" not in page
    assert 'href="/events/"' in page


def test_an_unforeseen_error_is_a_sentence_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("events.views.days_with_counts", broken)
    response = Client(raise_request_exception=False).get("/events/")
    assert response.status_code == 500
    assert "没有完成" in response.content.decode()
    assert "secret detail" not in response.content.decode()
