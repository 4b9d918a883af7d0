"""Files that people hand in: recognised, cleaned, kept once, deleted by a mark."""

import os
import time
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from PIL import ExifTags, Image, PngImagePlugin

from events.models import Event
from foundation import storage
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import Attachment, AuditEntry
from foundation.services.attachments import (
    CheckedFile,
    attach_file,
    check_file,
    delete_attachment,
    sweep_files,
)
from organizations.models import User
from tests.accounts import person
from tests.factories import EventFactory
from tests.foundation.samples import PDF, moving, office, opened, package, picture

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)
RIGHT = "events.change_event"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return tmp_path


def upload(content: bytes, name: str = "文件") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def check(content: bytes, name: str = "文件") -> CheckedFile:
    file = upload(content)
    file._name = name  # type: ignore[attr-defined]  # as it came, past what Django itself cleans
    return check_file(file)


def refusal(content: bytes, name: str = "文件") -> str:
    with pytest.raises(InvalidInput) as caught:
        check(content, name)
    return caught.value.message


def files_of(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


class TestWhatIsAccepted:
    @pytest.mark.parametrize(
        ("content", "content_type", "suffix"),
        [
            (picture("JPEG"), "image/jpeg", ".jpg"),
            (picture("PNG"), "image/png", ".png"),
            (picture("WEBP"), "image/webp", ".webp"),
            (picture("GIF"), "image/gif", ".gif"),
            (PDF, "application/pdf", ".pdf"),
            (
                office("docx"),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                ".docx",
            ),
            (office("xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
            (
                office("pptx"),
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                ".pptx",
            ),
            ("整改完成。\r\n".encode(), "text/plain", ".txt"),
            ("整改完成。".encode("gb18030"), "text/plain", ".txt"),
            ("整改完成。".encode("utf-16"), "text/plain", ".txt"),
            ("\ufeff整改完成。".encode(), "text/plain", ".txt"),
        ],
        ids=["jpeg", "png", "webp", "gif", "pdf", "docx", "xlsx", "pptx", "utf8", "gb18030", "utf16", "bom"],
    )
    def test_is_told_from_the_content_alone(self, content: bytes, content_type: str, suffix: str) -> None:
        checked = check(content, "现场.exe")
        assert checked.kind.content_type == content_type
        assert checked.name == f"现场.exe{suffix}"

    @pytest.mark.parametrize("name", ["回执.pdf", "方案.DOCX", "台账.xlsx", "照片.jpg", "现场.mp4"])
    def test_words_named_as_something_else_are_refused(self, name: str) -> None:
        with pytest.raises(InvalidInput, match="内容却只是文字"):
            check("整改完成。".encode(), name)

    def test_a_table_is_text_whose_name_says_so(self) -> None:
        assert check("单位,件数\n甲局,3\n".encode(), "台账.CSV").kind.content_type == "text/csv"

    def test_documents_and_text_are_kept_byte_for_byte(self) -> None:
        for content in (PDF, office("xlsx"), "甲局".encode("gb18030")):
            assert check(content).content == content


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "content",
        [
            b"MZ\x90\x00\x03\x00\x00\x00",
            b"\x7fELF\x02\x01\x01\x00",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512,
            b"\x00\x00\x00\x18ftypheic" + b"\x00" * 64,
            b"BM" + b"\x00" * 60,
            b"II*\x00" + b"\x00" * 60,
            package({"readme.txt": b"x"}),
            office("docx", declared="application/vnd.ms-word.document.macroEnabled.main+xml"),
            b"plain \x00 text",
            b"text \x1b[31m",
            b"\xff\xff\xff\xff",
        ],
        ids=["exe", "elf", "doc", "heic", "bmp", "tiff", "zip", "docm", "nul", "escape", "bytes"],
    )
    def test_with_a_sentence_that_names_what_is_accepted(self, content: bytes) -> None:
        message = refusal(content, "照片.jpg")
        assert "JPEG、PNG、WebP、GIF" in message and "PDF" in message and "docx" in message

    def test_no_bytes_at_all(self) -> None:
        assert "0 字节" in refusal(b"")

    @pytest.mark.parametrize(("size", "accepted"), [(99, True), (100, True), (101, False)])
    def test_the_limit_is_the_last_size_that_passes(self, settings: Any, size: int, accepted: bool) -> None:
        settings.ATTACHMENT_MAX_BYTES = 100
        if accepted:
            assert len(check(b"x" * size).content) == size
        else:
            assert "超过 100 字节 的上限" in refusal(b"x" * size)

    def test_a_pdf_cut_off_on_its_way(self) -> None:
        assert "不完整" in refusal(PDF[:-8])

    def test_a_program_that_calls_itself_pdf_further_down(self) -> None:
        assert "不支持" in refusal(b"MZ\x00\x00" + PDF)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
    def test_a_picture_cut_off_on_its_way(self, kind: str) -> None:
        whole = picture(kind, (400, 400)) if kind != "GIF" else moving("GIF", 3, (200, 200))
        assert "无法读取" in refusal(whole[: len(whole) // 3])

    @pytest.mark.parametrize("head", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"])
    def test_a_head_without_a_picture(self, head: bytes) -> None:
        assert "无法读取" in refusal(head + b"<script>alert(1)</script>" * 9)


class TestPictures:
    def test_lose_where_and_with_what_they_were_taken(self) -> None:
        exif = Image.Exif()
        exif[ExifTags.Base.Make] = "CameraMaker"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 1.0, 2.0)
        original = picture("JPEG", exif=exif.tobytes(), comment=b"secret-note")
        assert b"CameraMaker" in original and b"secret-note" in original
        written = check(original).content
        assert b"CameraMaker" not in written and b"secret-note" not in written
        assert not opened(written).getexif()

    def test_stand_upright(self) -> None:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6  # the camera was turned: the left edge is the top
        checked = check(picture("JPEG", (40, 20), exif=exif.tobytes()))
        assert (checked.width, checked.height) == (20, 40)
        red, _, blue = opened(checked.content).convert("RGB").getpixel((10, 3))  # type: ignore[misc]
        assert red > 200 and blue < 80

    def test_lose_what_hides_behind_or_inside_them(self) -> None:
        assert b"<script>" not in check(picture("PNG") + b"<script>alert(1)</script>").content
        note = PngImagePlugin.PngInfo()
        note.add_text("Comment", "<?php system($_GET[0]); ?>")
        assert b"<?php" not in check(picture("PNG", pnginfo=note)).content
        assert b"PK\x03\x04" not in check(picture("GIF") + package({"a.class": b"x" * 50})).content

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
    def test_stay_transparent_where_they_were(self, kind: str) -> None:
        image = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
        image.paste((0, 0, 255, 255), (0, 0, 4, 8))
        raw = BytesIO()
        image.save(raw, format=kind)
        pixel = opened(check(raw.getvalue()).content).convert("RGBA").getpixel((6, 4))
        assert isinstance(pixel, tuple) and pixel[3] == 0

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
    def test_keep_moving(self, kind: str) -> None:
        written = opened(check(moving(kind)).content)
        assert getattr(written, "n_frames", 1) == 3

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK", "YCbCr"])
    def test_of_every_mode_are_read(self, mode: str) -> None:
        kind = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
        raw = BytesIO()
        Image.new(mode, (8, 8)).save(raw, format=kind)
        assert (check(raw.getvalue()).width, check(raw.getvalue()).height) == (8, 8)

    @pytest.mark.parametrize(("side", "accepted"), [(9, True), (10, True), (11, False)])
    def test_have_a_limit_of_pixels(self, settings: Any, side: int, accepted: bool) -> None:
        settings.PICTURE_MAX_PIXELS = 100
        content = picture("PNG", (side, side))
        if accepted:
            assert check(content).width == side
        else:
            assert "像素过多" in refusal(content)

    @pytest.mark.parametrize(("frames", "accepted"), [(2, True), (3, False)])
    def test_count_the_pixels_of_all_frames(self, settings: Any, frames: int, accepted: bool) -> None:
        settings.PICTURE_MAX_PIXELS = 200
        content = moving("GIF", frames, (10, 10))
        if accepted:
            assert check(content).width == 10
        else:
            assert "像素过多" in refusal(content)

    def test_that_claim_a_monstrous_size_are_refused_before_they_are_decoded(self) -> None:
        small = bytearray(picture("PNG", (4, 4)))
        small[16:24] = (60_000).to_bytes(4, "big") * 2
        started = time.monotonic()
        assert refusal(bytes(small))
        assert time.monotonic() - started < 1


class TestOfficeDocuments:
    def test_with_macros_are_refused(self) -> None:
        assert "宏" in refusal(office("docx", more={"word/vbaProject.bin": b"x"}))

    def test_with_a_password_are_refused(self) -> None:
        content = bytearray(office("docx"))
        for at in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
            content[at] |= 1
        assert "密码" in refusal(bytes(content))

    def test_that_are_damaged_are_refused(self) -> None:
        whole = office("docx", more={"word/media/a.bin": os.urandom(2000)})
        assert "损坏" in refusal(whole[:-40])
        broken = bytearray(whole)
        broken[len(whole) // 2] ^= 0xFF
        assert "损坏" in refusal(bytes(broken))

    @pytest.mark.parametrize(("extra", "accepted"), [(2, True), (3, True), (4, False)])
    def test_have_a_limit_of_entries(self, settings: Any, extra: int, accepted: bool) -> None:
        settings.OFFICE_MAX_ENTRIES = 5
        content = office("docx", more={f"word/{n}.xml": b"x" for n in range(extra)})
        if accepted:
            assert check(content).content == content
        else:
            assert "压缩炸弹" in refusal(content)

    def test_have_a_limit_of_what_they_unfold_to(self, settings: Any) -> None:
        settings.OFFICE_MAX_RATIO = 10_000
        settings.OFFICE_MAX_UNPACKED_BYTES = 100_000
        assert check(office("xlsx", more={"xl/a.xml": b"0" * 90_000}))
        assert "压缩炸弹" in refusal(office("xlsx", more={"xl/a.xml": b"0" * 100_001}))

    def test_have_a_limit_of_how_far_they_unfold(self, settings: Any) -> None:
        settings.OFFICE_MAX_RATIO = 10
        assert "压缩炸弹" in refusal(office("xlsx", more={"xl/a.xml": b"0" * 90_000}))

    def test_are_unfolded_even_when_they_lie_about_their_size(self, settings: Any) -> None:
        settings.OFFICE_MAX_UNPACKED_BYTES = 100_000
        content = office("xlsx", more={"xl/a.xml": b"0" * 5_000_000})
        true_size, lie = (5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
        assert refusal(content.replace(true_size, lie))

    def test_of_the_libraries_pass(self) -> None:
        with zipfile.ZipFile(BytesIO(office("docx"))) as archive:
            assert archive.testzip() is None
        assert check(office("docx"), "方案.docx").name == "方案.docx"


class TestNames:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("现场照片.txt", "现场照片.txt"),
            ("../../etc/passwd", "passwd.txt"),
            ("C:\\用户\\张\\报告.txt", "报告.txt"),
            ("报告\u202etxt.exe", "报告txt.exe.txt"),
            ("报\u200b告\x00\x1f\r\n.txt", "报告.txt"),
            ("a\ud800b.txt", "ab.txt"),
            ('a<b>:"|?*.txt', "a_b______.txt"),
            ("   多   个  空格 .txt", "多 个 空格.txt"),
            ("", "附件.txt"),
            ("...", "附件.txt"),
            (".txt", "附件.txt"),
            ("CON.txt", "_CON.txt"),
            ("NUL", "_NUL.txt"),
            ("网页.html", "网页.html.txt"),
            ("大写.TXT", "大写.TXT"),
            ("e\u0301.txt", "é.txt"),
        ],
    )
    def test_keep_what_is_harmless(self, typed: str, kept: str) -> None:
        assert check(b"x", typed).name == kept

    @pytest.mark.parametrize("stem", ["长" * 300, "x" * 300, "😀" * 100])
    def test_fit_into_a_file_system(self, stem: str) -> None:
        name = check(b"x", f"{stem}.txt").name
        assert len(name.encode()) <= 200
        assert name.endswith(".txt") and stem.startswith(name.removesuffix(".txt"))


@pytest.mark.django_db
class TestHanging:
    @pytest.fixture
    def event(self) -> Event:
        return EventFactory()

    @pytest.fixture
    def editor(self) -> User:
        return person("editor")

    def attach(self, event: Event, actor: User | None, content: bytes = PDF, **values: Any) -> Attachment:
        given = {"permission": RIGHT, "upload": upload(content, values.pop("name", "通知.pdf")), **values}
        return attach_file(actor=actor, at=AT, owner=event, **given)

    def test_a_file_hangs_on_its_record(self, event: Event, editor: User) -> None:
        attachment = self.attach(event, editor)
        assert list(Attachment.objects.of(event)) == [attachment]
        assert attachment.owner == event
        assert (attachment.name, attachment.size) == ("通知.pdf", len(PDF))
        assert (attachment.uploaded_by, attachment.uploaded_at) == (editor, AT)
        assert not Attachment.objects.of(EventFactory()).exists()

    def test_it_is_on_the_record_of_its_owner(self, event: Event, editor: User) -> None:
        attachment = self.attach(event, editor)
        entry = AuditEntry.objects.about(event).get()
        assert (entry.action, entry.actor) == ("attachment.add", editor)
        assert entry.after == {"name": "通知.pdf", "size": len(PDF), "sha256": attachment.sha256}

    def test_the_file_lies_under_its_digest_for_its_owner_only(
        self, event: Event, editor: User, media: Path
    ) -> None:
        attachment = self.attach(event, editor)
        (path,) = files_of(media)
        assert path.name == attachment.sha256
        assert path.read_bytes() == PDF
        assert path.stat().st_mode & 0o777 == 0o600
        assert "通知" not in str(path)

    def test_the_same_content_is_stored_once(self, event: Event, editor: User, media: Path) -> None:
        first, second = self.attach(event, editor), self.attach(event, editor, name="副本.pdf")
        assert first.pk != second.pk and first.file.name == second.file.name
        assert len(files_of(media)) == 1

    @pytest.mark.parametrize("role", ["viewer", "supervisor", "system_admin"])
    def test_whoever_lacks_the_right_leaves_nothing(self, event: Event, role: str, media: Path) -> None:
        with pytest.raises(PermissionRefused, match="您没有权限上传附件"):
            self.attach(event, person(role))
        assert not Attachment.objects.exists() and not AuditEntry.objects.exists()
        assert files_of(media) == []

    def test_a_refused_file_leaves_nothing(self, event: Event, editor: User, media: Path) -> None:
        with pytest.raises(InvalidInput):
            self.attach(event, editor, b"MZ\x00\x00")
        assert not Attachment.objects.exists() and not AuditEntry.objects.exists()
        assert files_of(media) == []

    def test_a_full_disk_leaves_nothing(
        self, event: Event, editor: User, media: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            self.attach(event, editor)
        assert not Attachment.objects.exists()
        assert files_of(media) == []

    def test_an_abandoned_transaction_leaves_a_file_that_is_swept(
        self, event: Event, editor: User, media: Path
    ) -> None:
        kept = self.attach(event, editor)
        with transaction.atomic():
            self.attach(event, editor, b"abandoned", name="abandoned.txt")
            transaction.set_rollback(True)
        unfinished = media / Path(str(kept.file.name)).parent / f"{storage.UNFINISHED}x"
        unfinished.write_bytes(b"half")
        assert sweep_files(before=datetime.now(tz=UTC) - timedelta(days=1)) == []
        yesterday = time.time() - 2 * 86_400
        for path in files_of(media):
            os.utime(path, (yesterday, yesterday))
        out = StringIO()
        call_command("sweep_files", stdout=out)
        assert "2 个" in out.getvalue()
        assert [path.name for path in files_of(media)] == [kept.sha256]

    def test_a_file_uploaded_again_is_young_again(self, event: Event, editor: User, media: Path) -> None:
        self.attach(event, editor)
        (path,) = files_of(media)
        os.utime(path, (0, 0))
        self.attach(event, editor)
        assert time.time() - path.stat().st_mtime < 60

    def test_deleting_marks_and_keeps(self, event: Event, editor: User, media: Path) -> None:
        attachment = self.attach(event, editor)
        delete_attachment(actor=editor, at=AT, attachment=attachment, permission=RIGHT, reason="传错了")
        assert not Attachment.objects.of(event).exists()
        marked = Attachment.objects.get(pk=attachment.pk)
        assert (marked.deleted_at, marked.deleted_by) == (AT, editor)
        assert len(files_of(media)) == 1
        entry = AuditEntry.objects.about(event).latest("at", "sequence")
        assert (entry.action, entry.reason, entry.before["name"]) == (
            "attachment.delete",
            "传错了",
            "通知.pdf",
        )

    def test_deleting_twice_is_told(self, event: Event, editor: User) -> None:
        attachment = self.attach(event, editor)
        step = {"actor": editor, "at": AT, "attachment": attachment, "permission": RIGHT, "reason": "传错了"}
        delete_attachment(**step)  # type: ignore[arg-type]
        with pytest.raises(StateConflict, match="已经被删除"):
            delete_attachment(**step)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("role", "reason", "error"), [("viewer", "x", PermissionRefused), ("editor", " ", InvalidInput)]
    )
    def test_deleting_needs_the_right_and_a_reason(
        self, event: Event, role: str, reason: str, error: type[Exception]
    ) -> None:
        attachment = self.attach(event, None)
        with pytest.raises(error):
            delete_attachment(
                actor=person(role), at=AT, attachment=attachment, permission=RIGHT, reason=reason
            )
        assert Attachment.objects.of(event).exists()
