"""What is filled in to propose a set of card rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.actions.propose_rules import Reach, propose_rules
from applications.domain.rule_file import RuleSheet
from applications.models import RuleSet
from halls.acting import Actor
from halls.forms import SpokenForm
from halls.models import Department

DAY = {"type": "date"}


class ProposeForm(SpokenForm):
    """From when, for whom, and why; the rules themselves are those of the page."""

    effective_on = forms.DateField(
        label=_("起用日期"),
        widget=forms.DateInput(attrs=DAY),
        help_text=_("最早明天。只管这天起新起算的时限，正在计时的不变。"),
        error_messages={"required": _("请填写起用日期。"), "invalid": _("请填写 2026-03-02 这样的日期。")},
    )
    ended_on = forms.DateField(
        label=_("最后一天"),
        widget=forms.DateInput(attrs=DAY),
        required=False,
        help_text=_("试行的填写；长期有效的不填。"),
        error_messages={"invalid": _("请填写 2026-03-02 这样的日期，或留空。")},
    )
    department = forms.ChoiceField(
        label=_("只用于一个部门的事项"),
        required=False,
        error_messages={"invalid_choice": _("没有这个部门，请重新选择。")},
    )
    matter = forms.CharField(
        label=_("只用于一个事项"),
        required=False,
        max_length=64,
        help_text=_("填事项代码。部门和事项都不填，就用于全县。"),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("依据哪个文件、为什么改。会和两人的姓名一起留存。"),
        error_messages={"required": _("请写明理由。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Department.objects.filter(kind=Department.Kind.BUREAU).order_by("name").values_list("code", "name")
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全县各部门")), *rows]

    def propose(self, sheet: RuleSheet, actor: Actor) -> RuleSet:
        given = self.cleaned_data
        reach = Reach(given["effective_on"], given["ended_on"], given["department"], given["matter"].strip())
        return propose_rules(sheet, reach, actor=actor, reason=given["reason"])


class PeriodForm(SpokenForm):
    """Which rules to try, on the limits that began in which days."""

    preset = forms.CharField(label=_("规则"), max_length=32)
    since = forms.DateField(label=_("起算日期从"), error_messages={"invalid": _("开始日期请写成 2026-03-02。")})
    until = forms.DateField(label=_("起算日期到"), error_messages={"invalid": _("结束日期请写成 2026-03-02。")})
