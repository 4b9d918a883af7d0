"""Writing documents through the interface: the pages' rules, as data."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from directives.models import Directive
from foundation.models import Attachment, Revision
from tests.accounts import person, token_for
from tests.factories import DirectiveFactory
from tests.foundation.samples import PDF

pytestmark = pytest.mark.django_db
DOCUMENT = {
    "title": "关于供热的通知",
    "issuer": "青河市人民政府",
    "number": "青政发[2023]5号",
    "issued_on": "2023-05-08",
    "sections": [{"depth": 1, "number": "一", "heading": "总体要求", "text": "按时供热。"}],
    "rosters": [
        {"name": "专班", "section": 1, "members": [{"role": "组长", "name": "林青", "post": "副市长"}]}
    ],
    "stages": [{"name": "检修", "starts_on": "2023-09-01", "section": 1}],
    "annexes": [{"label": "附件", "title": "值班表", "printed": False}],
    "citations": [{"title": "供热办法"}],
}


def call(role: str, path: str, data: dict[str, Any] | None = None, **how: Any) -> Any:
    client = APIClient()
    if role != "anonymous":
        client.credentials(HTTP_AUTHORIZATION=f"Token {token_for(person(role))}")
    address = f"/api/v1/directives/{path}"
    if data is None:
        return client.get(address)
    return client.post(address, data, **{"format": "json", **how})


def test_a_document_is_begun_as_a_draft_with_its_parts() -> None:
    answer = call("editor", "", DOCUMENT)
    assert answer.status_code == 201, answer.json()
    directive = Directive.objects.get()
    assert (directive.number, directive.publication, directive.origin) == (
        "青政发〔2023〕5号",
        "draft",
        "portal",
    )
    assert directive.rosters.get().section == directive.sections.get() == directive.stages.get().section
    assert not directive.annexes.get().printed and directive.citations.get().title == "供热办法"
    again = call("editor", "", DOCUMENT)
    assert again.status_code == 400 and "另一个文号" in str(again.json())


@pytest.mark.parametrize(
    "path", ["text/", "revision/", "publication/submit/", "statuses/", "corrections/", "files/"]
)
@pytest.mark.parametrize(("role", "status"), [("anonymous", 401), ("viewer", 403), ("department_head", 403)])
def test_writing_is_for_the_desk(path: str, role: str, status: int) -> None:
    directive = DirectiveFactory()
    assert call(role, f"{directive.pk}/{path}", {}).status_code == status
    draft = DirectiveFactory(publication="draft")
    expected = 401 if role == "anonymous" else 404
    assert call(role, f"{draft.pk}/{path}", {}).status_code == expected


def test_a_published_text_is_corrected_by_two_people() -> None:
    directive = DirectiveFactory(title="旧题")
    read = call("editor", f"{directive.pk}/text/").json()
    assert read["content"]["title"] == "旧题" and read["revision"] is None
    change = {"title": "新题", "seen": read["seen"], "reason": "据原件"}
    assert call("editor", f"{directive.pk}/text/", change).json()["revision"]["state"] == "draft"
    stale = call("publisher", f"{directive.pk}/text/", change | {"title": "又题"})
    assert stale.status_code == 409 and stale.json()["stored"]["title"] == "新题"
    version = Revision.objects.get().head.number
    step = f"{directive.pk}/revision/"
    assert call("editor", step, {"step": "submit", "version": version}).status_code == 200
    assert call("editor", step, {"step": "publish", "version": version}).status_code == 403
    assert call("publisher", step, {"step": "publish", "version": version}).json()["title"] == "新题"


def test_a_draft_goes_to_the_public_and_back() -> None:
    call("editor", "", DOCUMENT)
    pk = Directive.objects.get().pk
    assert call("editor", f"{pk}/publication/submit/", {}).json()["publication"] == "review"
    assert call("editor", f"{pk}/publication/publish/", {}).status_code == 403
    assert call("publisher", f"{pk}/publication/publish/", {}).json()["publication"] == "published"
    assert call("publisher", f"{pk}/publication/withdraw/", {}).status_code == 400
    withdrawn = call("publisher", f"{pk}/publication/withdraw/", {"reason": "有误"})
    assert withdrawn.json()["publication"] == "withdrawn"
    assert call("publisher", f"{pk}/publication/withdraw/", {"reason": "有误"}).status_code == 409


def test_legal_states_and_notices_are_registered_and_signed() -> None:
    directive, other = DirectiveFactory(title="供热办法"), DirectiveFactory()
    state = {"status": "repealed", "effective_on": "2023-06-01", "by": other.pk}
    made = call("editor", f"{directive.pk}/statuses/", state)
    assert (made.status_code, made.json()["standing"]) == (201, "proposed")
    assert call("editor", f"{directive.pk}/statuses/", state).status_code == 409
    settle = {"id": made.json()["id"], "step": "confirm"}
    assert call("editor", f"{directive.pk}/statuses/settle/", settle).status_code == 403
    assert call("publisher", f"{directive.pk}/statuses/settle/", settle).json()["standing"] == "confirmed"
    assert call("anonymous", f"{directive.pk}/").json()["status"] == "repealed"
    notice = call("editor", f"{directive.pk}/corrections/", {"printed": "供热", "corrected": "供暖"})
    settle = {"id": notice.json()["id"], "step": "void", "reason": "无误"}
    assert call("editor", f"{directive.pk}/corrections/settle/", settle).json()["standing"] == "void"


def test_a_file_is_checked_and_hung_on_a_draft(tmp_path: Path, settings: Any) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    directive = DirectiveFactory(publication="draft")
    path = f"{directive.pk}/files/"
    sent = {"file": SimpleUploadedFile("名单.pdf", PDF)}
    assert call("editor", path, sent, format="multipart").status_code == 201
    assert Attachment.objects.of(directive).get().name == "名单.pdf"
    bad = {"file": SimpleUploadedFile("名单.pdf", b"MZ\x90\x00\x03\x00")}
    assert call("editor", path, bad, format="multipart").status_code == 400
