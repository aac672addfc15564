"""How often notices reach somebody, and at which hours not."""

from __future__ import annotations

from datetime import time

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.notices.groups import CHOSEN, Group
from beside.notices.models import QuietHours
from beside.notices.notice_preferences import Channel, Choices, HowOften
from beside.web.forms.styled import StyledForm

HOW_OFTEN = [
    (HowOften.AT_ONCE, _("At once")),
    (HowOften.DAILY, _("Once a day")),
    (HowOften.NEVER, _("Never")),
]
_HOURS = [(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]


class NoticePreferencesForm(StyledForm):
    """For each group three choices of equal weight, and when quiet hours begin and end."""

    begins = forms.ChoiceField(label=_("From"), required=False)
    ends = forms.ChoiceField(label=_("Until"), required=False)

    def __init__(
        self, data: QueryDict | None = None, *, chosen: Choices, quiet_hours: QuietHours
    ) -> None:
        """`chosen` has what is offered: pushes only for somebody who has a device that is told by them."""
        initial = {"begins": _written(quiet_hours.begins), "ends": _written(quiet_hours.ends)}
        super().__init__(data, initial=initial)
        for name in ("begins", "ends"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("No quiet hours")), *_HOURS]
        for group, channel in chosen:
            self.fields[_name(group, channel)] = forms.ChoiceField(
                label=group.label,
                choices=HOW_OFTEN,
                widget=forms.RadioSelect,
                initial=chosen[group, channel],
                error_messages={"required": _("Choose one of the three.")},
            )

    def clean(self) -> dict[str, object]:
        """Both hours or none, and not the same one twice."""
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if bool(begins) != bool(ends):
            raise ValidationError(_("Quiet hours need a beginning and an end."))
        if begins and begins == ends:
            raise ValidationError(_("Quiet hours can’t begin and end at the same hour."))
        return cleaned

    def mails(self) -> list[forms.BoundField]:
        """The fields of how often each group comes by mail."""
        return self._of(Channel.MAIL)

    def pushes(self) -> list[forms.BoundField]:
        """The same for devices; empty if they aren't offered."""
        return self._of(Channel.PUSH)

    def _of(self, channel: Channel) -> list[forms.BoundField]:
        names = [_name(group, channel) for group in CHOSEN]
        return [self[name] for name in names if name in self.fields]

    def choices(self) -> Choices:
        """What was chosen."""
        return {
            (group, channel): HowOften(self.cleaned_data[name])
            for group in CHOSEN
            for channel in Channel
            if (name := _name(group, channel)) in self.cleaned_data
        }

    def hours(self) -> tuple[time | None, time | None]:
        """When the quiet hours begin and end."""
        begins, ends = self.cleaned_data["begins"], self.cleaned_data["ends"]
        return (time.fromisoformat(begins), time.fromisoformat(ends)) if begins else (None, None)


def _name(group: Group, channel: Channel) -> str:
    return f"{channel}_{group}"


def _written(moment: time | None) -> str:
    return moment.strftime("%H:%M") if moment else ""
