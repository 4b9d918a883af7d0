"""A month on paper, beside WeasyPrint alone with the same document and stylesheets."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from benchmarks.measuring import Row, in_turn, seconds_of, time_ratio
from events.printing import bulletin_of, printed_entries
from printing import Layout, fonts, store
from printing.layouts import style_files

ROUNDS = 5
AT_MOST = 1.2


class BareWeasyPrint:
    """A process that makes the document at each call."""

    def __init__(self, html: str, folder: Path) -> None:
        self.document = folder / "bulletin.html"
        self.document.write_text(html)
        styles = [*self._faces(folder), *style_files(Layout.GAZETTE)]
        command = [sys.executable, "-m", "benchmarks.bare_weasyprint", str(self.document), *map(str, styles)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    @staticmethod
    def _faces(folder: Path) -> list[Path]:
        """The face that the portal hands in, named for WeasyPrint by its file."""
        file = fonts.fangsong_file()
        if file is None:
            return []
        style = folder / "faces.css"
        style.write_text(f'@font-face {{ font-family: FandolFang; src: url("{file.as_uri()}") }}')
        return [style]

    def seconds(self) -> float:
        """Make the document once."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self) -> None:
        """Let the process go."""
        self.process.communicate()


def paper_rows(first: date) -> list[Row]:
    """The whole request for a document that is not kept yet."""
    client, address = Client(), f"/events/{first:%Y/%m}/bulletin.pdf"
    printout = bulletin_of(first, printed_entries(first, AnonymousUser()))
    bare = BareWeasyPrint(printout.html, settings.DATA_DIR)

    def request() -> float:
        store.remove(printout.key, "pdf")
        return seconds_of(lambda: _pdf(client, address))

    try:
        ours, beside = in_turn(request, bare.seconds, ROUNDS)
    finally:
        bare.end()
    return [time_ratio("PDF of a month, the whole request", ours, beside, at_most=AT_MOST)]


def _pdf(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return b"".join(response) if response.streaming else response.content
