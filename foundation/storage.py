"""Checked files on disk, below ``MEDIA``'s folder, each under the digest of its content.

A file appears under its name complete or not at all, is never changed, and
serves every attachment with the same content.
"""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage

FOLDER = "attachments"
UNFINISHED = ".unfinished-"


def path_of(digest: str) -> str:
    """Where the content with this digest is stored, relative to the media folder."""
    return f"{FOLDER}/{digest[:2]}/{digest}"


def digest_of(content: bytes) -> str:
    """The name of a content."""
    return hashlib.sha256(content).hexdigest()


def keep(content: bytes) -> str:
    """Store a content, once; returns its path relative to the media folder."""
    relative = path_of(digest_of(content))
    path = _absolute(relative)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.is_file():
        os.utime(path)  # young again, so that no sweep takes it before the row that needs it is there
        return relative
    handle, draft = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return relative


def stored_before(moment: datetime) -> list[str]:
    """Paths of everything, also unfinished, that was last touched before a moment."""
    folder = _absolute(FOLDER)
    old = (path for path in folder.glob("*/*") if path.stat().st_mtime < moment.timestamp())
    return sorted(str(path.relative_to(folder.parent)) for path in old)


def discard(relative: str) -> None:
    """Remove a file."""
    _absolute(relative).unlink(missing_ok=True)


def _absolute(relative: str) -> Path:
    storage = default_storage
    if not isinstance(storage, FileSystemStorage):
        raise TypeError("attachments need a storage on disk")
    return Path(storage.path(relative))
