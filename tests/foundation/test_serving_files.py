"""Serving files: to those who may see the record, with headers that let a file do nothing."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client

from directives.models import Topic
from events.models import Event
from foundation.models import Attachment
from foundation.services.attachments import attach_file, delete_attachment
from tests.accounts import browser_of, person
from tests.factories import EventFactory, TopicFactory
from tests.foundation.samples import PDF, office, picture

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)
RIGHT = "events.change_event"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return tmp_path


def hang(owner: models.Model, content: bytes = PDF, name: str = "通知.pdf") -> Attachment:
    return attach_file(
        actor=None, at=AT, owner=owner, upload=SimpleUploadedFile(name, content), permission=RIGHT
    )


@pytest.fixture
def published() -> Attachment:
    return hang(EventFactory())


@pytest.fixture
def draft() -> Attachment:
    return hang(EventFactory(publication=Event.Publication.DRAFT))


class TestWhoMaySeeIt:
    def test_everybody_where_the_record_is_public(self, published: Attachment, client: Client) -> None:
        response = client.get(published.get_absolute_url())
        assert response.status_code == 200
        assert response.getvalue() == PDF

    def test_the_desk_where_the_record_is_a_draft(self, draft: Attachment) -> None:
        assert browser_of("editor").get(draft.get_absolute_url()).status_code == 200

    @pytest.mark.parametrize("role", ["viewer", "department_officer", "audit_admin", None])
    def test_nobody_else(self, draft: Attachment, role: str | None) -> None:
        assert browser_of(role).get(draft.get_absolute_url()).status_code == 404

    def test_a_visitor_is_asked_to_sign_in_and_learns_nothing(
        self, draft: Attachment, client: Client
    ) -> None:
        absent = f"/files/{uuid.uuid4()}/x.pdf"
        for address in (draft.get_absolute_url(), absent):
            response = client.get(address)
            assert response.status_code == 302
            assert response["Location"] == f"/accounts/login/?next={quote(address)}"

    def test_staff_get_the_same_answer_for_what_is_absent(self) -> None:
        assert browser_of("editor").get(f"/files/{uuid.uuid4()}/x.pdf").status_code == 404

    def test_nobody_where_the_record_does_not_say_who_may_see_it(self) -> None:
        attachment = hang(TopicFactory())
        assert not hasattr(Topic.objects, "visible_to")
        assert browser_of("editor").get(attachment.get_absolute_url()).status_code == 404

    def test_nobody_once_the_record_is_gone(self, published: Attachment) -> None:
        Event.objects.all().delete()
        assert browser_of("editor").get(published.get_absolute_url()).status_code == 404

    def test_nobody_once_the_file_is_deleted(self, published: Attachment) -> None:
        delete_attachment(
            actor=person("publisher"), at=AT, attachment=published, permission=RIGHT, reason="传错了"
        )
        assert browser_of("editor").get(published.get_absolute_url()).status_code == 404

    def test_a_file_lost_on_disk_is_not_an_error_of_the_server(
        self, published: Attachment, client: Client, media: Path
    ) -> None:
        (media / str(published.file.name)).unlink()
        assert client.get(published.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
    def test_it_is_only_read(self, published: Attachment, client: Client, method: str) -> None:
        assert getattr(client, method)(published.get_absolute_url()).status_code == 405

    def test_a_head_request_has_no_body(self, published: Attachment, client: Client) -> None:
        response = client.head(published.get_absolute_url())
        assert (response.status_code, response["Content-Length"]) == (200, str(len(PDF)))


class TestHeaders:
    def get(self, attachment: Attachment, **headers: str) -> Any:
        return Client().get(attachment.get_absolute_url(), headers=headers)

    @pytest.mark.parametrize(
        "content", [PDF, picture("PNG"), office("docx"), b"x"], ids=["pdf", "png", "docx", "txt"]
    )
    def test_let_the_file_do_nothing(self, content: bytes) -> None:
        response = self.get(hang(EventFactory(), content, "文件"))
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        policy = response["Content-Security-Policy"].split("; ")
        assert "default-src 'none'" in policy and "sandbox" in policy
        assert not any(part.startswith("script-src") for part in policy)

    @pytest.mark.parametrize(
        ("content", "content_type", "shown"),
        [
            (picture("JPEG"), "image/jpeg", "inline"),
            (PDF, "application/pdf", "inline"),
            (
                office("docx"),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "attachment",
            ),
            (b"<script>alert(1)</script>", "text/plain", "attachment"),
        ],
        ids=["jpeg", "pdf", "docx", "html"],
    )
    def test_only_pictures_and_pdf_open_in_the_browser(
        self, content: bytes, content_type: str, shown: str
    ) -> None:
        response = self.get(hang(EventFactory(), content, "文件"))
        assert response["Content-Type"] == content_type
        assert response["Content-Disposition"].startswith(f"{shown};")

    def test_a_chinese_name_travels_encoded(self) -> None:
        response = self.get(hang(EventFactory(), b"x", '防涝"值班\r\nX: 1.txt'))
        assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('防涝_值班X_ 1.txt')}"
        assert "X" not in response.headers

    def test_the_address_carries_the_name_and_ignores_it(self, published: Attachment, client: Client) -> None:
        assert published.get_absolute_url() == f"/files/{published.pk}/{quote('通知.pdf')}"
        other = client.get(f"/files/{published.pk}/evil.html")
        assert (other.status_code, other["Content-Type"]) == (200, "application/pdf")
        assert quote("通知.pdf") in other["Content-Disposition"]

    def test_a_copy_stays_with_its_reader_and_is_asked_after(self, published: Attachment) -> None:
        response = self.get(published)
        assert response["Cache-Control"] == "private, no-cache"
        assert response["ETag"] == f'"{published.sha256}"'

    def test_an_unchanged_file_is_not_sent_again(self, published: Attachment) -> None:
        response = self.get(published, if_none_match=f'"{published.sha256}"')
        assert response.status_code == 304
        assert response.content == b""
        assert response["Content-Security-Policy"].endswith("sandbox")

    def test_whoever_may_not_see_it_does_not_learn_that_it_is_unchanged(self, draft: Attachment) -> None:
        assert self.get(draft, if_none_match=f'"{draft.sha256}"').status_code == 302


def test_a_file_costs_a_constant_few_queries(
    published: Attachment, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        Client().get(published.get_absolute_url())
