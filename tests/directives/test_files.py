"""Files of documents: who adds and removes them, what is accepted, who reads them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from directives.models import Directive
from foundation.models import Attachment, AuditEntry
from tests.accounts import browser_of
from tests.factories import DirectiveFactory
from tests.foundation.samples import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


def document(publication: str = "draft") -> Directive:
    return DirectiveFactory(publication=publication)


def upload(role: str, directive: Directive, content: bytes = PDF, name: str = "名单.pdf") -> Any:
    data = {"file": SimpleUploadedFile(name, content)}
    return browser_of(role).post(f"/directives/{directive.pk}/files/", data)


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), ("viewer", 403), ("department_officer", 403), ("editor", 200), ("publisher", 200)],
)
def test_the_page_is_for_the_desk(role: str, status: int) -> None:
    assert browser_of(role).get(f"/directives/{document().pk}/files/").status_code == status


def test_an_editor_hangs_a_file_on_a_draft() -> None:
    directive = document()
    assert upload("editor", directive).status_code == 302
    kept = Attachment.objects.of(directive).get()
    assert (kept.name, kept.content_type) == ("名单.pdf", "application/pdf")
    assert AuditEntry.objects.filter(action="attachment.add").count() == 1
    page = browser_of("editor").get(directive.get_absolute_url()).content.decode()
    assert kept.get_absolute_url() in page


@pytest.mark.parametrize(("publication", "status"), [("draft", 302), ("published", 200)])
def test_the_file_is_read_by_whoever_reads_the_document(publication: str, status: int) -> None:
    directive = document(publication)
    upload("publisher", directive)
    address = Attachment.objects.of(directive).get().get_absolute_url()
    response = browser_of("anonymous").get(address)
    assert response.status_code == status
    if status == 200:
        assert response["X-Content-Type-Options"] == "nosniff"


def test_what_the_public_sees_is_for_the_signer() -> None:
    directive = document("published")
    refused = upload("editor", directive)
    assert refused.status_code == 400 and "附件须由签发人增减" in refused.content.decode()
    assert not Attachment.objects.exists()
    assert upload("publisher", directive).status_code == 302


@pytest.mark.parametrize("role", ["editor", "publisher"])
def test_what_waits_for_its_signature_keeps_its_files(role: str) -> None:
    directive = document("review")
    assert "正待签发" in upload(role, directive).content.decode()
    assert not Attachment.objects.exists()


def test_a_program_called_pdf_is_refused_and_named() -> None:
    response = upload("editor", document(), b"MZ\x90\x00\x03\x00\x00\x00")
    assert response.status_code == 400 and "不支持这种文件" in response.content.decode()


@pytest.mark.parametrize(("over", "status"), [(-1, 400), (0, 302), (1, 302)])
def test_the_size_is_checked_at_the_limit(settings: Any, over: int, status: int) -> None:
    settings.ATTACHMENT_MAX_BYTES = len(PDF) + over
    assert upload("editor", document()).status_code == status


def test_no_file_chosen_is_said() -> None:
    response = browser_of("editor").post(f"/directives/{document().pk}/files/", {})
    assert response.status_code == 400 and "请先选择要上传的文件" in response.content.decode()


def test_a_file_is_removed_with_a_reason_and_once() -> None:
    directive = document()
    upload("editor", directive)
    kept = Attachment.objects.get()
    client, address = browser_of("editor"), f"/directives/{directive.pk}/files/"
    unreasoned = client.post(address, {"remove": kept.pk, "reason": " "}, follow=True)
    assert "请写明删除附件的理由" in unreasoned.content.decode()
    assert Attachment.objects.of(directive).exists()
    client.post(address, {"remove": kept.pk, "reason": "传错了"})
    assert not Attachment.objects.of(directive).exists()
    assert AuditEntry.objects.get(action="attachment.delete").reason == "传错了"
    assert client.post(address, {"remove": kept.pk, "reason": "再来"}).status_code == 404


def test_a_file_of_another_document_is_not_removed_from_here() -> None:
    other = document()
    upload("editor", other)
    kept = Attachment.objects.get()
    address = f"/directives/{document().pk}/files/"
    assert browser_of("editor").post(address, {"remove": kept.pk, "reason": "x"}).status_code == 404
    assert Attachment.objects.of(other).exists()


@pytest.mark.parametrize("steps", ["add", "add and remove"])
def test_a_file_of_another_makes_nobodys_own_text_another_persons(steps: str) -> None:
    signer = browser_of("publisher")
    text = {"title": "关于试办的通知", "issuer": "扎兰屯市人民政府"}
    made = signer.post("/api/v1/directives/", text, content_type="application/json")
    directive = Directive.objects.get(pk=made.json()["id"])
    upload("editor", directive)
    if steps == "add and remove":
        values = {"remove": Attachment.objects.of(directive).get().pk, "reason": "传错了"}
        browser_of("editor").post(f"/directives/{directive.pk}/files/", values)
        assert not Attachment.objects.of(directive).exists()
    answer = signer.post(f"/api/v1/directives/{directive.pk}/publication/publish/")
    assert answer.status_code == 403 and "最后修改" in answer.json()["detail"]
    directive.refresh_from_db()
    assert directive.publication == "draft"


def test_a_legal_state_registered_by_another_makes_nobodys_own_text_another_persons() -> None:
    signer = browser_of("publisher")
    text = {"title": "关于试办的通知", "issuer": "扎兰屯市人民政府"}
    made = signer.post("/api/v1/directives/", text, content_type="application/json")
    directive = Directive.objects.get(pk=made.json()["id"])
    state = {"status": "expired", "effective_on": "2030-01-01", "note": "试行到期"}
    address = f"/api/v1/directives/{directive.pk}"
    answer = browser_of("editor").post(f"{address}/statuses/", state, content_type="application/json")
    assert answer.status_code == 201
    answer = signer.post(f"{address}/publication/publish/")
    assert answer.status_code == 403 and "最后修改" in answer.json()["detail"]


def test_who_hung_the_last_file_on_a_text_of_another_does_not_publish_it_either() -> None:
    directive = document()
    upload("publisher", directive)
    signer = browser_of("publisher")
    assert signer.post(f"/api/v1/directives/{directive.pk}/publication/publish/").status_code == 403
    upload("editor", directive, name="又一份.pdf")
    assert signer.post(f"/api/v1/directives/{directive.pk}/publication/publish/").status_code == 200
