"""What is filled in to issue a card by hand, to take a body out of rankings, and to settle an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.acting import Actor
from halls.forms import SpokenForm
from halls.selectors.pickers import Choices
from supervision.actions.exclude import LONGEST_NUMBER, Span, propose_exclusion
from supervision.actions.issue_card import LONGEST_CITATION, LONGEST_FACTS, Charge, issue_card
from supervision.actions.settle_account import Deed, settle_account
from supervision.domain.faults import FAULT_CHOICES, FAULTS
from supervision.models import Accountability, AccountAct, ExclusionRule, LimitWarning

DAY = {"type": "date"}
AREA = {"rows": 3}
UNCHOSEN = ("", _("请选择"))  # a card is chosen: none is proposed by standing first


class CitationField(forms.CharField):
    """A ground that the page knows for most faults; the label says when it has to be written."""

    needed_when = _("其他事由必填")


class ChargeForm(SpokenForm):
    """Which card, against whom, for what; the bodies are those that had the case."""

    level = forms.ChoiceField(label=_("级别"), choices=[UNCHOSEN, ("yellow", _("黄牌")), ("red", _("红牌"))])
    body = forms.ChoiceField(label=_("被发牌单位"), help_text=_("办过这一件的单位。"))
    fault = forms.ChoiceField(label=_("事由"), choices=[UNCHOSEN, *FAULT_CHOICES])
    happened_on = forms.DateField(label=_("发生日期"), widget=forms.DateInput(attrs=DAY))
    facts = forms.CharField(
        label=_("事实"),
        max_length=LONGEST_FACTS,
        widget=forms.Textarea(attrs=AREA),
        help_text=_("什么时候、谁、做了什么，怎么查实的。"),
    )
    citation = CitationField(
        label=_("依据"),
        max_length=LONGEST_CITATION,
        required=False,
        help_text=_("法律或公开规则的哪一条。不填的，按所选事由通常的依据（见下表）写。"),
    )

    def __init__(self, *args: Any, bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["body"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [UNCHOSEN, *bodies]

    def clean(self) -> dict[str, Any]:
        """Left empty, the ground is the one that is published with the fault."""
        said = super().clean() or self.cleaned_data
        fault = FAULTS.get(said.get("fault", ""))
        if fault is not None and "citation" in said and not said["citation"]:
            said["citation"] = fault.ground
            if not fault.ground:
                self.add_error(
                    "citation", _("「%(fault)s」没有通常的依据，请写明违反哪一条。") % {"fault": fault.label}
                )
        return said

    def issue(self, application_id: int, actor: Actor) -> LimitWarning:
        return issue_card(application_id, Charge(**self.cleaned_data), actor=actor)


class ExclusionForm(SpokenForm):
    """Which body is not ranked from when until when, and why."""

    # A choice that is none of the list is refused by the act, which knows whose body it is.
    body = forms.CharField(label=_("单位"), max_length=64, widget=forms.Select, help_text=_("大厅或部门。"))
    starts_on = forms.DateField(label=_("自"), widget=forms.DateInput(attrs=DAY), help_text=_("最早今天，不能倒填。"))
    until = forms.DateField(
        label=_("至"), widget=forms.DateInput(attrs=DAY), required=False, help_text=_("长期的不填，随时可以结束。")
    )
    document_no = forms.CharField(label=_("依据文号"), max_length=LONGEST_NUMBER)
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs=AREA))

    def __init__(self, *args: Any, bodies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget = forms.Select(choices=[("", _("请选择")), *bodies])
        self.fields["body"].error_messages["required"] = _("请在「单位」里选一项。")

    def propose(self, actor: Actor) -> ExclusionRule:
        given = dict(self.cleaned_data)
        reason = given.pop("reason")
        return propose_exclusion(Span(**given), actor=actor, reason=reason)


class DeedForm(SpokenForm):
    """What was done about a record of accountability: the fields that the stage needs."""

    stage = forms.ChoiceField(label=_("登记什么"), choices=AccountAct.Stage.choices)
    measure = forms.ChoiceField(
        label=_("措施"),
        choices=[("", _("（登记处理时选）")), *AccountAct.Measure.choices],
        required=False,
    )
    person = forms.CharField(label=_("对象"), max_length=128, required=False, help_text=_("姓名和职务，或单位。"))
    decided_by = forms.CharField(label=_("作出决定的机关"), max_length=96, required=False)
    done_on = forms.DateField(label=_("作出日期"), widget=forms.DateInput(attrs=DAY), required=False)
    document_no = forms.CharField(label=_("文号"), max_length=100, required=False)
    note = forms.CharField(label=_("说明"), max_length=500, widget=forms.Textarea(attrs=AREA))

    def settle(self, account: Accountability, actor: Actor) -> AccountAct:
        return settle_account(account.pk, Deed(**self.cleaned_data), actor=actor)
