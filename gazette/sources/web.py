"""A web page (HTML) as plain text: its blocks as lines, without scripts, styles and the site around it."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from gazette.parser.errors import UnreadableGazette
from gazette.sources.marked import SPACES, line_of, row_of

MOST_CHARACTERS = 32 * 1024 * 1024
LEFT_OUT = {
    "script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object", "embed",
    "button", "select", "textarea", "input", "nav", "footer", "aside", "dialog", "canvas", "audio", "video",
}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = {
    "p", "div", "section", "article", "main", "header", "ul", "ol", "li", "dl", "dt", "dd", "blockquote",
    "pre", "table", "figure", "figcaption", "hr", "form", "fieldset", "address", "center", "body", "html",
    "details", "tr", "td", "th", *HEADINGS,
}  # fmt: skip
BOLD = {"b", "strong"}
RAISED = {"sup", "sub"}
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def text_of_page(page: str) -> str:
    """The text of a page, one block a line.

    Nothing in it is carried out or fetched. Raises UnreadableGazette when no text is left.
    """
    if len(page) > MOST_CHARACTERS:
        raise UnreadableGazette("网页太大，没有读取。请只保存公报正文再导入。")
    try:
        tree = html.document_fromstring(
            DECLARATION.sub("", page.lstrip("\ufeff")),
            parser=html.HTMLParser(no_network=True, huge_tree=False),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableGazette(
            "网页读不出来，可能不完整。请重新保存网页，或把正文另存为文本再导入。"
        ) from error
    lines = list(_Lines().of(_main_part(tree)))
    if not any(lines):
        raise UnreadableGazette(
            "网页里没有正文，可能是由脚本显示的。请在浏览器里把正文复制出来，存成文本文件再导入。"
        )
    return "\n".join(lines)


def _main_part(tree: Any) -> Any:
    """What the page marks as its main part, when that is one and holds something; else all of it."""
    for name in ("article", "main"):
        found = list(tree.iter(name))
        if len(found) == 1 and found[0].text_content().strip():
            return found[0]
    return tree


class _Lines:
    """Collects running text and lets go of it at the edges of blocks."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.bold: list[str] = []
        self.bold_is_over = False

    def of(self, element: Any, *, heading: bool = False, bold: bool = False) -> Iterator[str]:
        tag = element.tag
        if not isinstance(tag, str) or tag in LEFT_OUT or _is_hidden(element):
            return
        if tag == "table" and element.find(".//table") is None:
            yield from self._flush(heading)
            yield from _rows(element)
            yield ""
            return
        block = tag in BLOCKS
        heading = heading or tag in HEADINGS
        bold = bold or tag in BOLD
        if block:
            yield from self._flush(heading=False)
        raised = f"<{tag}>" if tag in RAISED else ""
        self._add(raised, bold)
        self._add(element.text, bold)
        if tag == "br":
            yield from self._flush(heading)
        for child in element:
            yield from self.of(child, heading=heading, bold=bold)
            self._add(child.tail, bold)
        self._add(raised.replace("<", "</"), bold)
        if block:
            yield from self._flush(heading)
            yield ""

    def _add(self, text: str | None, bold: bool) -> None:
        if not text:
            return
        text = SPACES.sub(" ", text)
        self.text.append(text)
        if text.strip():
            self.bold_is_over = self.bold_is_over or not bold
        if not self.bold_is_over:
            self.bold.append(text)

    def _flush(self, heading: bool) -> Iterator[str]:
        line = line_of("".join(self.text), heading=heading, bold="".join(self.bold))
        self.text, self.bold, self.bold_is_over = [], [], False
        if line:
            yield line


def _is_hidden(element: Any) -> bool:
    return "hidden" in element.attrib or bool(HIDDEN.search(element.get("style", "")))


def _rows(table: Any) -> Iterator[str]:
    for row in table.iter("tr"):
        cells = [" ".join(_Lines().of(cell)) for cell in row if cell.tag in ("td", "th")]
        yield row_of([cell.replace("**", "") for cell in cells])
