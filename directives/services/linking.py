"""Which document a citation means: one rule for documents and for entries of the chronicle."""

import re

from directives.models import Citation, Directive

QUOTES = re.compile(r"[\s“”\"'‘’《》〈〉]")
# 印发《…》的通知 is where the plan between the marks stands.
SENT_OUT = re.compile(r"(?:印发|转发|批转|发布|公布|下发)[^《》]{0,12}《(.+)》")


class DocumentIndex:
    """All documents by number, title and the title of what they send out; loaded once, in one query."""

    def __init__(self) -> None:
        self._numbers: dict[str, list[int]] = {}
        self._titles: dict[str, list[int]] = {}
        self._plans: dict[str, list[int]] = {}
        rows = Directive.objects.order_by("pk").values_list("pk", "number", "title", "plan_title")
        for pk, number, title, plan_title in rows:
            self._add(self._numbers, number, pk)
            self._add(self._titles, _plain(title), pk)
            self._add(self._plans, _plain(plan_title), pk)
            if sent := SENT_OUT.search(title):
                self._add(self._plans, _plain(sent[1]), pk)

    @staticmethod
    def _add(known: dict[str, list[int]], key: str, pk: int) -> None:
        if key:
            known.setdefault(key, []).append(pk)

    def find(self, title: str, number: str = "", *, citing: int | None = None) -> int | None:
        """The key of the document cited; a printed number decides, and nothing cites itself."""
        if number:
            return self._first(self._numbers.get(number, []), citing)
        plain = _plain(title)
        return self._first([*self._titles.get(plain, []), *self._plans.get(plain, [])], citing)

    @staticmethod
    def _first(pks: list[int], citing: int | None) -> int | None:
        return next((pk for pk in pks if pk != citing), None)


def link_citations() -> int:
    """Link citations that were 未收录 to documents that have arrived since; returns how many."""
    open_citations = list(Citation.objects.filter(target=None))
    if not open_citations:
        return 0
    documents = DocumentIndex()
    linked = []
    for citation in open_citations:
        citation.target_id = documents.find(citation.title, citation.number, citing=citation.directive_id)
        if citation.target_id is not None:
            linked.append(citation)
    Citation.objects.bulk_update(linked, ["target"], batch_size=500)
    return len(linked)


def _plain(title: str) -> str:
    return QUOTES.sub("", title)
