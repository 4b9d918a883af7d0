"""The form of a rule."""

import re
from typing import Any

from django import forms

from directives.models import Topic, TopicRule
from directives.services.topicrules import RuleContent, seen_state
from directives.services.topics import TopicContent, topic_state

BREAKS = re.compile(r"[、，,；;\s]+")


class WordsField(forms.CharField):
    """Words, one a line or divided by 、; each once."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        """The words in their order."""
        return tuple(dict.fromkeys(word for word in BREAKS.split(value or "") if word))

    def prepare_value(self, value: Any) -> Any:
        """The words as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def run_validators(self, value: Any) -> None:
        """Those of a text do not fit words; the service knows the limits."""


class RuleForm(forms.Form):
    """A rule; ``seen`` is the state in which it was opened."""

    topic = forms.ModelChoiceField(queryset=Topic.objects.all(), label="主题", empty_label=None)
    records = forms.ChoiceField(choices=TopicRule.Records.choices, label="适用于")
    place = forms.ChoiceField(choices=TopicRule.Place.choices, label="查找位置")
    any_of = WordsField(
        label="出现其一", required=False, help_text="一行一个词语，或以顿号分开；出现任何一个即可。"
    )
    all_of = WordsField(label="须全部出现", required=False, help_text="缺一个就不归入。")
    none_of = WordsField(label="不得出现", required=False, help_text="出现任何一个就不归入。")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def content(self) -> RuleContent:
        """The rule as given."""
        values = self.cleaned_data
        words = (values["any_of"], values["all_of"], values["none_of"])
        return RuleContent(values["topic"], values["records"], values["place"], *words)


def initial_of(rule: TopicRule) -> dict[str, Any]:
    """What the form of a stored rule begins with."""
    fields = ("records", "place", "any_of", "all_of", "none_of")
    return {
        "topic": rule.topic_id,
        "seen": seen_state(rule),
        **{name: getattr(rule, name) for name in fields},
    }


class TopicForm(forms.Form):
    """A subject's name and the words of its simple rule; ``seen`` is the state in which it was opened."""

    name = forms.CharField(
        label="名称", max_length=40, help_text="改名后，已归入的记录显示新名称，地址不变。"
    )
    words = WordsField(
        label="词语",
        required=False,
        help_text="标题或正文出现任何一个就归入；一行一个，或以顿号分开。更细的规则在归类规则中单独写。",
    )
    order = forms.IntegerField(label="排序", min_value=0, max_value=30_000, help_text="小的排在前面。")
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def content(self, slug: str) -> TopicContent:
        """The subject as given."""
        values = self.cleaned_data
        return TopicContent(slug, values["name"], values["words"], values["order"])


def initial_of_topic(topic: Topic) -> dict[str, Any]:
    """What the form of a stored subject begins with."""
    return {"name": topic.name, "words": topic.words, "order": topic.order, "seen": topic_state(topic)}
