"""What is filled in for a bulletin."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms

from taskboard.models import Bulletin, TaskList
from taskboard.ranking.forms import DAY

# Parts of a bulletin that the form has room for; two more than are composed.
PLACES, LONGEST = 8, 8000


class ComposeForm(forms.Form):
    """The period that a bulletin speaks of, and a list."""

    start = forms.DateField(label="统计期自", widget=DAY)
    end = forms.DateField(label="统计期至", widget=DAY)
    task_list = forms.ModelChoiceField(
        TaskList.objects.filter(state=TaskList.State.ISSUED),
        label="清单",
        required=False,
        empty_label="全部清单",
    )

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        first = today.replace(day=1)
        super().__init__(data, initial={"start": first, "end": today}, auto_id="c-%s")


class BulletinForm(forms.Form):
    """The text of a draft, part by part."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="标题", max_length=120)
    mark = forms.CharField(label="机关代字", max_length=20, help_text="待确认；序号印发时编定")
    addressees = forms.CharField(label="主送机关", max_length=300)
    opening = forms.CharField(label="开头", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    closing = forms.CharField(
        label="结尾", max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Mapping[str, Any] | None, *, bulletin: Bulletin) -> None:
        names = ("version", "title", "mark", "addressees", "opening", "closing")
        initial: dict[str, Any] = {name: getattr(bulletin, name) for name in names}
        for place in range(PLACES):
            known = place < len(bulletin.sections)
            section = bulletin.sections[place] if known else {"heading": "", "text": ""}
            initial |= {f"heading_{place}": section["heading"], f"text_{place}": section["text"]}
        super().__init__(data, initial=initial, auto_id="b-%s")
        for place in range(PLACES):
            self.fields[f"heading_{place}"] = forms.CharField(label="小标题", max_length=60, required=False)
            self.fields[f"text_{place}"] = forms.CharField(
                label="内容（每段一行）",
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    @property
    def places(self) -> Iterator[tuple[int, forms.BoundField, forms.BoundField]]:
        """Number, heading and text of each part."""
        for place in range(PLACES):
            yield place + 1, self[f"heading_{place}"], self[f"text_{place}"]

    @property
    def changes(self) -> dict[str, Any]:
        """What the service is handed; places left blank drop out."""
        given = self.cleaned_data
        sections = [
            {"heading": given[f"heading_{place}"], "text": _lines(given[f"text_{place}"])}
            for place in range(PLACES)
            if given[f"heading_{place}"] or given[f"text_{place}"]
        ]
        names = ("title", "mark", "addressees", "opening", "closing")
        return {**{name: _lines(given[name]) for name in names}, "sections": sections}


def _lines(text: str) -> str:
    """Browsers send line breaks their own way."""
    return "\n".join(text.splitlines())
