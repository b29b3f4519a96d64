"""What is filled in to have the paper of an earlier week or month drafted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.domain.errors import DomainError, Invalid
from halls.forms import SpokenForm
from supervision.domain.periods import KIND_LABELS, Period, PeriodKind, period_of

DAYS_LIST = "first-days"  # the id of the list of days beside the field


class DraftForm(SpokenForm):
    """The kind and the first day of a period; a day within one is answered with the first days around it."""

    kind = forms.ChoiceField(label=_("类别"), choices=[(kind.value, label) for kind, label in KIND_LABELS.items()])
    first = forms.DateField(label=_("首日"), widget=forms.DateInput(attrs={"type": "date", "list": DAYS_LIST}))

    def __init__(self, *args: Any, offered: Sequence[Period] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields["first"].help_text = self._help()

    def _help(self) -> str:
        lines = [str(_("每周填周一，每月填 1 日。"))]
        for kind, label in KIND_LABELS.items():
            days = [f"{one.first:%Y-%m-%d}" for one in self.offered if one.kind is kind]
            if days:
                lines.append(str(_("可以补起草的%(kind)s：%(days)s。")) % {"kind": label, "days": "、".join(days)})
        return "".join(lines)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if isinstance(said.get("first"), date) and said.get("kind"):
            try:
                said["period"] = Period(PeriodKind(said["kind"]), said["first"])
            except Invalid as refusal:
                self.add_error("first", self._cure(PeriodKind(said["kind"]), said["first"], refusal))
        return said

    def _cure(self, kind: PeriodKind, day: date, refusal: Invalid) -> str:
        if refusal.code != "period_unsound":
            return f"{refusal.message}{refusal.cure}"
        period = period_of(kind, day)
        near = [f"{one.first:%Y-%m-%d}" for one in (period, period.following) if self._may_be(one)]
        words = _("%(day)s不是%(first)s。") % {
            "day": f"{day.year}年{day.month}月{day.day}日",
            "first": _("周一") if kind is PeriodKind.WEEK else _("每月 1 日"),
        }
        if not near:
            return words + str(_("它前后的几期都有了或还没有结束，请从上面列出的首日里选一个。"))
        return words + str(_("请改成 %(days)s。")) % {"days": str(_(" 或 ")).join(near)}

    def _may_be(self, period: Period) -> bool:
        """Whether it is offered, or of before everything that is."""
        known = [one.first for one in self.offered if one.kind is period.kind]
        return not known or period.first < min(known) or period.first in known

    def explain(self, refusal: DomainError) -> None:
        """Put why the period is not drafted where its day is."""
        self.add_error("first", f"{refusal.message}{refusal.cure}")
