"""Taking in files, and deleting them by a mark."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.db import models, transaction

from foundation import storage
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.filenames import clean_name
from foundation.filetypes import PICTURES, FileType, PackageLimits, sniff
from foundation.films import cleaned, looks_like_film
from foundation.models import Attachment
from foundation.pictures import rewrite
from foundation.services.audit import record_change

HEAD = 16


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that passed every check, as it will be stored."""

    name: str
    kind: FileType
    content: bytes
    width: int | None = None
    height: int | None = None


def check_file(upload: "File[Any]", *, films: bool = False) -> CheckedFile:
    """Read, recognise and clean a file; writes nothing. ``films``: whether videos are taken too."""
    typed = upload.name or ""
    if films and _is_film(upload):
        film = cleaned(_read(upload, settings.VIDEO_MAX_BYTES, "视频"))
        return CheckedFile(clean_name(typed, film.kind), film.kind, film.content)
    content = _read(upload, settings.ATTACHMENT_MAX_BYTES, "文件")
    kind = sniff(content, name=typed, limits=_package_limits())
    if kind not in PICTURES:
        return CheckedFile(clean_name(typed, kind), kind, content)
    picture = rewrite(content, kind, max_pixels=settings.PICTURE_MAX_PIXELS)
    return CheckedFile(clean_name(typed, kind), kind, picture.content, picture.width, picture.height)


def attach_file(
    *,
    actor: AbstractUser | None,
    at: datetime,
    owner: models.Model,
    upload: "File[Any]",
    permission: str,
    reason: str = "",
    films: bool = False,
) -> Attachment:
    """Check a file and hang it on a record; ``films``: whether videos are taken too.

    ``permission`` is the right that the owner's room asks for; ``actor`` None is
    the portal itself. The file is on disk before its row is, so a row never
    points at nothing; what an abandoned transaction leaves is swept later.
    """
    _require(actor, permission, "上传附件")
    checked = check_file(upload, films=films)
    with transaction.atomic():
        attachment = Attachment(
            owner_type=ContentType.objects.get_for_model(owner, for_concrete_model=False),
            owner_id=str(owner.pk),
            name=checked.name,
            content_type=checked.kind.content_type,
            size=len(checked.content),
            sha256=storage.digest_of(checked.content),
            width=checked.width,
            height=checked.height,
            uploaded_by_id=actor.pk if actor else None,
            uploaded_at=at,
        )
        attachment.file.name = storage.keep(checked.content)
        attachment.save(force_insert=True)
        after = {"name": attachment.name, "size": attachment.size, "sha256": attachment.sha256}
        record_change(actor=actor, action="attachment.add", target=owner, at=at, after=after, reason=reason)
    return attachment


@transaction.atomic
def delete_attachment(
    *, actor: AbstractUser | None, at: datetime, attachment: Attachment, permission: str, reason: str
) -> None:
    """Mark a file as deleted: it is served no more, and remains as evidence of what was there."""
    _require(actor, permission, "删除附件")
    if not reason.strip():
        raise InvalidInput("请写明删除附件的理由。", fields={"reason": ["请写明理由。"]})
    marked = Attachment.objects.kept().filter(pk=attachment.pk)
    if marked.update(deleted_at=at, deleted_by_id=actor.pk if actor else None) != 1:
        raise StateConflict("这个附件已经被删除，请刷新页面。")
    attachment.refresh_from_db()
    before = {"name": attachment.name, "sha256": attachment.sha256}
    target = attachment.owner or attachment
    record_change(actor=actor, action="attachment.delete", target=target, at=at, before=before, reason=reason)


def sweep_files(*, before: datetime) -> list[str]:
    """Remove files last touched before a moment that no row points at; returns their paths."""
    old = storage.stored_before(before)
    needed = set(Attachment.objects.filter(file__in=old).values_list("file", flat=True))
    swept = [path for path in old if path not in needed]
    for path in swept:
        storage.discard(path)
    return swept


def _require(actor: AbstractUser | None, permission: str, what: str) -> None:
    if actor is not None and not actor.has_perm(permission):
        raise PermissionRefused(f"您没有权限{what}。如确需办理，请联系安全管理员授予相应角色。")


def _is_film(upload: "File[Any]") -> bool:
    upload.seek(0)
    return looks_like_film(upload.read(HEAD))


def _read(upload: "File[Any]", most: int, what: str) -> bytes:
    upload.seek(0)
    content: bytes = upload.read(most + 1)
    if not content:
        raise InvalidInput("文件是空的（0 字节），请检查后重新选择。")
    if len(content) > most:
        raise InvalidInput(f"{what}超过 {_readable(most)} 的上限，请压缩或分成几份再上传。")
    return content


def _readable(size: int) -> str:
    return f"{size // (1024 * 1024)} MB" if size >= 1024 * 1024 else f"{size} 字节"


def _package_limits() -> PackageLimits:
    return PackageLimits(
        max_entries=settings.OFFICE_MAX_ENTRIES,
        max_unpacked_bytes=settings.OFFICE_MAX_UNPACKED_BYTES,
        max_ratio=settings.OFFICE_MAX_RATIO,
    )
