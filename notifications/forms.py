"""What a person enters about messages."""

from typing import Any

from django import forms

from notifications.models import Channel

CLOCK = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.INBOX]


class SettingsForm(forms.Form):
    """Labels without a colon behind them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class ContactForm(SettingsForm):
    """One address."""

    channel = forms.ChoiceField(label="渠道", choices=CHANNELS)
    address = forms.CharField(label="地址", max_length=500)
    urgent_only = forms.BooleanField(label="仅紧急消息", required=False)


class PreferenceForm(SettingsForm):
    """Quiet hours and digest; both empty mean that messages come at any time, one by one."""

    quiet_from = forms.TimeField(label="免打扰开始", required=False, widget=CLOCK)
    quiet_until = forms.TimeField(label="免打扰结束", required=False, widget=CLOCK)
    digest_at = forms.TimeField(label="每日汇总时间", required=False, widget=CLOCK)
