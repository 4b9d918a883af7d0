"""Which of the browser's packages are served."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import Storage


class ChosenFilesFinder(FileSystemFinder):
    """The project's own files, and of each package only what ``VENDOR_FILES`` names.

    The packages bring ten times what is used, and style sheets that refer to
    files that they do not bring.
    """

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """The files to collect."""
        for path, storage in super().list(list(ignore_patterns or [])):
            prefix = getattr(storage, "prefix", None)
            if is_chosen(str(PurePosixPath(prefix or "", path))):
                yield path, storage

    def find(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """The file for an address, while nothing is collected yet."""
        return super().find(path, *args, **kwargs) if is_chosen(path) else []


def is_chosen(path: str) -> bool:
    """Our own file, or a package's that is named."""
    return not path.startswith("vendor/") or path in settings.VENDOR_FILES
