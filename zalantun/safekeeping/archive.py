"""Writing and reading an archive file; every member's digest stands in the manifest."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from foundation.errors import InvalidInput

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 1024 * 1024


class Writer:
    """Adds members and remembers their digests."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.digests: dict[str, str] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """One member from its pieces."""
        digest = hashlib.sha256()
        with self._file.open(name, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                member.write(piece)
        self.digests[name] = digest.hexdigest()


@contextmanager
def writing(path: Path, manifest: dict[str, Any]) -> Iterator[Writer]:
    """An archive that appears under its name complete or not at all, its owner's alone.

    What the block adds to ``manifest`` is written with it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
                writer = Writer(file)
                yield writer
                whole = {"format": FORMAT, **manifest, "sha256": writer.digests}
                file.writestr(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=1))
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class Reader:
    """An archive that was checked from its first to its last byte."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._file = file
        self.manifest = _manifest(path, file)
        self._check(path)

    def names(self, folder: str) -> list[str]:
        """The members below a folder, by name."""
        return sorted(name for name in self.manifest["sha256"] if name.startswith(f"{folder}/"))

    def open(self, name: str) -> IO[bytes]:
        """One member, to be read as a stream."""
        return self._file.open(name)

    def _check(self, path: Path) -> None:
        expected = self.manifest["sha256"]
        present = set(self._file.namelist()) - {MANIFEST}
        if present != set(expected):
            odd = sorted(present ^ set(expected))[0]
            raise InvalidInput(f"备份文件 {path} 与其清单不符：{odd}。请换用另一份备份。")
        for name, digest in expected.items():
            if any(part in {"", ".", ".."} for part in name.split("/")):
                raise InvalidInput(f"备份文件 {path} 含有不安全的路径 {name}，未恢复任何内容。")
            if self._digest(name) != digest:
                raise InvalidInput(f"备份文件 {path} 已损坏：{name} 的内容与校验值不符。请换用另一份备份。")

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._file.open(name) as member:
            while piece := member.read(PIECE):
                digest.update(piece)
        return digest.hexdigest()


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open and check an archive; whatever is wrong with it is one sentence."""
    try:
        file = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise InvalidInput(f"找不到备份文件 {path}。") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise InvalidInput(f"备份文件 {path} 无法读取或不完整，请换用另一份备份。") from error
    with file:
        try:
            reader = Reader(path, file)
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise InvalidInput(f"备份文件 {path} 已损坏，请换用另一份备份。") from error
        yield reader


def _manifest(path: Path, file: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(file.read(MANIFEST))
        known = manifest["format"] == FORMAT and isinstance(manifest["sha256"], dict)
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidInput(f"{path} 不是本门户的备份文件。") from error
    if not known:
        raise InvalidInput(f"备份文件 {path} 的格式不被本版本支持，请用写出它的版本恢复。")
    return dict(manifest)
