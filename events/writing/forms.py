"""What an editor types of an entry, and how it becomes the entry's content."""

import re
from typing import Any

from django import forms

from directives.models import Topic
from events.contents import cited_titles, official_words
from foundation.forms import LinesField
from foundation.versions import Content
from foundation.wording import first_clause
from organizations.services import NameDirectory

DIVIDER = "｜"
DIVIDERS = re.compile(r"\s*[｜|\t]\s*")
MOST_LINES = 200
DATE = {"type": "date"}


class EventTextForm(forms.Form):
    """An entry as it is typed: people and departments one a line.

    ``directory`` knows the names; a form that is only shown needs none.
    """

    start_date = forms.DateField(label="起始日期", widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    end_date = forms.DateField(
        label="结束日期",
        required=False,
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        help_text="只有一天的留空。",
    )
    position = forms.IntegerField(
        label="当日次序", required=False, min_value=1, max_value=9999, help_text="留空排在当日最后。"
    )
    text = forms.CharField(
        label="正文",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="照原文抄录。原文有误的保持原样，另在“更正”中登记；书名号中的文件名自动与政策文件关联。",
    )
    title = forms.CharField(label="标题", max_length=120, required=False, help_text="留空取正文第一句。")
    source = forms.CharField(label="来源", max_length=200, required=False)
    officials = LinesField(
        label="人员",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"每行一人：姓名{DIVIDER}职务{DIVIDER}原文印作（与姓名相同的不填）。",
    )
    departments = LinesField(
        label="部门", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="每行一个。"
    )
    topics = forms.MultipleChoiceField(label="主题", required=False, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label="修改理由", max_length=200, help_text="记入版本与审计记录，例如：据原件补录第二句。"
    )

    def __init__(self, *args: Any, directory: NameDirectory | None, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directory = directory
        choices: Any = self.fields["topics"]
        choices.error_messages["invalid_choice"] = "没有主题“%(value)s”，请重新选择。"
        choices.choices = list(Topic.objects.values_list("slug", "name"))
        if is_new:
            del self.fields["reason"]
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"

    def clean_officials(self) -> list[list[str]]:
        """Rows of name, post and printed name."""
        rows = [[*DIVIDERS.split(line), "", ""][:3] for line in self.cleaned_data["officials"]]
        if len(rows) > MOST_LINES:
            raise forms.ValidationError(f"一条最多登记 {MOST_LINES} 人，请分条登记。")
        for name, post, printed in rows:
            if not 1 < len(name) <= 20 or len(post) > 120 or len(printed) > 40:
                words = official_words(name, post, printed)
                raise forms.ValidationError(
                    f"“{words}”不能识别：请按“姓名{DIVIDER}职务{DIVIDER}原文印作”填写，姓名 2 至 20 字。"
                )
        return [[name, post, printed or name] for name, post, printed in rows]

    def clean_departments(self) -> list[str]:
        """Canonical names; a name that the portal does not know is refused, not guessed."""
        found = []
        for line in self.cleaned_data["departments"]:
            department = self.directory.find_department(line) if self.directory else None
            if department is None:
                raise forms.ValidationError(f"名录中没有“{line}”，请填写部门的名称或别名，或先在名录中登记。")
            found.append(department.name)
        return sorted(set(found))

    def clean(self) -> dict[str, Any]:
        """The days in order; what is empty is filled in from the rest."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        if start and end and end < start:
            self.add_error("end_date", "结束日期早于起始日期，请更正。")
        cleaned["end_date"] = end or start
        cleaned["title"] = cleaned.get("title") or first_clause(cleaned.get("text", ""))
        return cleaned

    def content(self, stored: Content | None = None) -> Content:
        """What was typed, as the content of an entry; ``stored`` is the one it was opened with."""
        cleaned = self.cleaned_data
        text = "\n".join(line.rstrip() for line in cleaned["text"].strip().splitlines())
        unread = stored is not None and stored["text"] == text
        return {
            "start_date": cleaned["start_date"].isoformat(),
            "end_date": cleaned["end_date"].isoformat(),
            "position": cleaned["position"] or (stored or {}).get("position"),
            "title": cleaned["title"],
            "text": text,
            "source": cleaned["source"],
            "officials": cleaned["officials"],
            "departments": cleaned["departments"],
            "citations": stored["citations"] if stored and unread else list(cited_titles(text)),
            "topics": sorted(cleaned["topics"]),
        }


def initial_of(content: Content) -> dict[str, Any]:
    """A content as the form shows it."""
    return {
        **content,
        "end_date": content["end_date"] if content["end_date"] != content["start_date"] else "",
        "officials": [official_line(*row) for row in content["officials"]],
    }


def official_line(name: str, post: str, printed: str) -> str:
    """A person as one line of the form."""
    parts = [name, post, printed if printed != name else ""]
    return DIVIDER.join(parts).rstrip(DIVIDER)
