"""What an editor types of a document beside its parts."""

from typing import Any

from django import forms

from directives.contents import iso
from directives.models import Directive, Topic
from directives.numbers import normalised_copy_number, normalised_number
from directives.writing.rows import Rows
from foundation.errors import InvalidInput
from foundation.forms import LinesField
from foundation.versions import Content

DIVIDER = "｜"
MOST_LINES = 300
PLAIN = (
    "title", "number", "issuer", "kind", "is_public", "release_note", "preamble", "plan_title",
    "plan_preamble", "summary", "source", "copy_number", "urgency", "signatory",
    "printed_by",
)  # fmt: skip


def _text(label: str, most: int, *, rows: int = 0, required: bool = False, help_text: str = "") -> Any:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        widget=widget,
        help_text=help_text,
        error_messages={"required": f"请填写{label}。"},
    )


def _day(label: str, *, help_text: str = "") -> Any:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=help_text,
        error_messages={"invalid": "请按 2023-05-08 的样式填写日期。"},
    )


class DirectiveTextForm(forms.Form):
    """A document without its sections, annexes, rosters and stages."""

    title = _text("标题", 300, required=True)
    number = _text("发文字号", 80, help_text="括号和数字用全角、半角都可以，存为〔2023〕的样式；没有的留空。")
    issuer = _text("发文机关", 120, required=True, help_text="全称，例如：扎兰屯市人民政府办公室。")
    copy_number = _text("份号", 20, help_text="1 至 6 位数字，印在首页左上角第一行，例如：000012。")
    urgency = forms.ChoiceField(
        label="紧急程度",
        choices=[("", "不标注"), *Directive.Urgency.choices],
        required=False,
        help_text="印在首页左上角，份号之下。",
    )
    signatory = _text("签发人", 40, help_text="上行文才填，印在发文字号右侧；几人的以空格分开。")
    issued_on = _day("成文日期")
    kind = forms.ChoiceField(label="种类", choices=Directive.Kind.choices)
    is_public = forms.BooleanField(label="对公众公开", required=False, initial=True)
    release_note = _text("公开标注", 80, help_text="原文印有的，例如：此件公开发布。")
    addressees = LinesField(
        label="主送机关",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个。",
    )
    preamble = _text("前言", 50_000, rows=6, help_text="条目之前的正文，每段一行。")
    plan_title = _text("所附方案", 300, help_text="印发方案的通知在这里写方案标题。")
    plan_preamble = _text("方案前言", 50_000, rows=4)
    citations = LinesField(
        label="引用的文件",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"每行一件：题名{DIVIDER}文号，文号可不填。本平台收录的自动关联。",
    )
    copies_to = LinesField(
        label="抄送机关",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个，印在末页版记。",
    )
    printed_by = _text("印发机关", 120, help_text="留空的印发文机关的办公室。")
    printed_on = _day("印发日期", help_text="留空的印签发当日。")
    summary = _text("摘要", 2_000, rows=2)
    source = _text("来源", 200, help_text="例如：《扎兰屯市人民政府公报》2022年7—8月。")
    topics = forms.MultipleChoiceField(label="主题", required=False, widget=forms.CheckboxSelectMultiple)
    reason = _text("修改理由", 200, required=True, help_text="记入版本与审计记录。")

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["topics"]
        choices.choices = list(Topic.objects.values_list("slug", "name"))
        if is_new:
            del self.fields["reason"]

    def clean_number(self) -> str:
        """In its one form."""
        return normalised_number(self.cleaned_data["number"])

    def clean_addressees(self) -> list[str]:
        """One a line, none twice."""
        lines: list[str] = self.cleaned_data["addressees"]
        return list(dict.fromkeys(lines))

    def clean_copies_to(self) -> list[str]:
        """One a line, none twice."""
        lines: list[str] = self.cleaned_data["copies_to"]
        return list(dict.fromkeys(lines))

    def clean_copy_number(self) -> str:
        """Six digits."""
        try:
            return normalised_copy_number(self.cleaned_data["copy_number"])
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    def clean_signatory(self) -> str:
        """Several are parted as they are printed."""
        return "　".join(self.cleaned_data["signatory"].split())

    def clean_citations(self) -> list[list[str]]:
        """Rows of title and number."""
        lines: list[str] = self.cleaned_data["citations"]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"最多 {MOST_LINES} 件，现有 {len(lines)} 件。")
        rows = []
        for line in lines:
            title, _, number = line.replace("|", DIVIDER).partition(DIVIDER)
            title, number = title.strip().removeprefix("《").removesuffix("》"), normalised_number(number)
            if len(title) > 300 or len(number) > 80 or not (title or number):
                raise forms.ValidationError(f"“{line[:30]}”不能识别：请按“题名{DIVIDER}文号”填写。")
            rows.append([title, number])
        return rows

    def content(self, parts: dict[str, Any]) -> Content:
        """What was typed, as the content of a document; ``parts`` are those of the rows."""
        cleaned = self.cleaned_data
        plain = {name: cleaned[name] for name in PLAIN}
        for name in ("preamble", "plan_preamble"):
            plain[name] = "\n".join(line.rstrip() for line in cleaned[name].strip().splitlines())
        return {
            **plain,
            "issued_on": iso(cleaned["issued_on"]),
            "printed_on": iso(cleaned["printed_on"]),
            "addressees": cleaned["addressees"],
            "copies_to": cleaned["copies_to"],
            "citations": cleaned["citations"],
            "topics": sorted(cleaned["topics"]),
            **parts,
        }


def initial_of(content: Content) -> dict[str, Any]:
    """A content as the form shows it."""
    citations = [f"{title}{DIVIDER}{number}".rstrip(DIVIDER) for title, number in content["citations"]]
    return {**content, "citations": citations}


def places_in(rows: Rows) -> dict[str, list[tuple[str, str]]]:
    """What a row can be put into: annexes and sections by their keys."""
    return {kind: [(row.key, row.word) for row in rows.standing(kind)] for kind in ("annex", "section")}
