"""大厅信息: address, telephone, and a row for the days of the same hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from halls.actions.keep_hall import HallFacts
from halls.domain.errors import Invalid
from halls.domain.opening_check import read_digits
from halls.domain.openings import KIND_LABELS, WEEKDAYS, Hours, OpeningKind
from halls.forms import SpokenForm
from matters.forms.local import NeededDay, NeededText

SPARE: Final = 3  # empty rows below the filled ones
FEWEST: Final = 5
MOST_ROWS: Final = 99
NO_TIME: Final = gettext_lazy("请写成 09:00 这样的时间。")


class HoursForm(SpokenForm):
    """One row; an empty one says nothing, and one that is struck out is not looked at."""

    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=[(kind.value, label) for kind, label in KIND_LABELS.items()], required=False
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("星期"),
        choices=[(number, f"周{name}") for number, name in enumerate(WEEKDAYS, start=1)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    digits = forms.CharField(label=gettext_lazy("逢几"), required=False)
    opens = forms.TimeField(
        label=gettext_lazy("开门"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H：%M", "%H:%M:%S"],
        error_messages={"invalid": NO_TIME},
        required=False,
    )
    closes = forms.TimeField(
        label=gettext_lazy("关门"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H：%M", "%H:%M:%S"],
        error_messages={"invalid": NO_TIME},
        required=False,
    )
    drop = forms.BooleanField(label=gettext_lazy("删去这一行"), required=False)
    hours: Hours | None = None
    field_order = ("weekdays", "digits", "kind", "opens", "closes", "drop")

    def clean_digits(self) -> str:
        text = str(self.cleaned_data["digits"])
        try:
            return read_digits(text) if text else ""
        except Invalid as refusal:
            raise forms.ValidationError(f"{refusal.message}{refusal.cure}") from refusal

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("drop"):
            self.errors.clear()
            return data
        if self.errors or not any(data[name] for name in ("weekdays", "digits", "opens", "closes")):
            return data
        if not (data["weekdays"] or data["digits"]):
            self.add_error("weekdays", _("请选星期几，或填逢几。"))
        for name, words in (("opens", _("请填几点开门，如 09:00。")), ("closes", _("请填几点关门，如 17:00。"))):
            if data[name] is None:
                self.add_error(name, words)
        if not self.errors:
            kind = OpeningKind(data["kind"] or OpeningKind.REGULAR)
            weekdays = tuple(sorted(data["weekdays"]))
            self.hours = Hours(kind, data["opens"], data["closes"], weekdays, data["digits"])
        return data


class HallForm(SpokenForm):
    """What a hall says of itself, with `rows` of opening times; the action checks it."""

    address = forms.CharField(
        label=gettext_lazy("地址"),
        required=False,
        help_text=gettext_lazy("群众照着能找到，例如：太和乡正街 12 号一楼；不填就不公布"),
    )
    phone = forms.CharField(
        label=gettext_lazy("电话"), required=False, help_text=gettext_lazy("一个号码，例如：023-56560001；不填就不公布")
    )
    since = NeededDay(
        label=gettext_lazy("起用日期"),
        help_text=gettext_lazy("今天或以后的一天。开放时间从这天起改，前一天为止照旧；地址和电话只能今天就改。"),
    )
    reason = NeededText(
        label=gettext_lazy("理由"), help_text=gettext_lazy("写进修改记录，例如：冬季作息调整；搬到新大厅")
    )
    row_count = forms.IntegerField(min_value=0, max_value=MOST_ROWS, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, hours: Sequence[Hours] = (), initial: dict[str, Any]
    ) -> None:
        count = max(FEWEST, len(hours) + SPARE)
        super().__init__(data, initial=initial | {"row_count": count})
        if data is not None:
            text = str(data.get("row_count", ""))
            count = int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0
        starts = [_initial(one) for one in hours]
        starts += [{}] * (count - len(starts))
        self.rows = [HoursForm(data, prefix=f"row-{number}", initial=starts[number]) for number in range(count)]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    @property
    def said(self) -> tuple[HallFacts, date | None, str]:
        """Return what can be read of it: the facts, the day, the reason."""
        self.is_valid()
        data = self.cleaned_data
        facts = HallFacts(
            data.get("address", ""),
            data.get("phone", ""),
            [line for row in self.rows if row.hours for line in row.hours.lines()],
        )
        return facts, data.get("since"), data.get("reason", "")

    @property
    def row_errors(self) -> list[dict[str, str]]:
        """Return what is wrong in the rows, each with the address of its place."""
        return [
            {
                "text": _("第 %(n)d 行，%(label)s：%(error)s")
                % {"n": number, "label": row[name].label, "error": str(error)},
                "url": f"#{row[name].id_for_label or f'{row[name].auto_id}_0'}",
            }
            for number, row in enumerate(self.rows, start=1)
            for name, errors in row.errors.items()
            for error in errors
        ]

    def explain(self, refusal: Invalid) -> None:
        """Put every problem at its field; those of a line at the row that said it, each once."""
        owners = [row for row in self.rows if row.hours for _line in row.hours.lines()]
        for problem in refusal.problems:
            text = f"{problem.message}{problem.cure}"
            place, number, part = (*problem.field.split("."), "", "")[:3]
            form, name = (owners[int(number)], part) if number else (self, place)
            if name not in form.errors:
                form.add_error(name if name in form.fields else None, text)
        if not refusal.problems and refusal.message:
            self.add_error(None, f"{refusal.message}{refusal.cure}")


def _initial(hours: Hours) -> dict[str, Any]:
    return {
        "kind": hours.kind.value,
        "weekdays": list(hours.weekdays),
        "digits": "、".join(hours.digits),
        "opens": hours.opens,
        "closes": hours.closes,
    }
