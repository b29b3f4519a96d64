"""What is filled in to publish a timeout default."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from halls.forms import SpokenForm
from matters.actions.publish_policy import BASIS, Proposal
from matters.domain.timeout import PLACES, Policy, Where, forbidden
from matters.models import MatterVersion
from matters.models.timeout import POLICY_LABELS, WHERE_LABELS
from matters.selectors.timeout import affair_of

KIND = "kind:"
DAY = {"type": "date"}


class PolicyForm(SpokenForm):
    """One limit of one matter, what follows when it runs out, and on what basis.

    The limits are those of the guide; a consequence that the matter forbids is not offered.
    """

    limit = forms.ChoiceField(label=gettext_lazy("哪个时限"), widget=forms.RadioSelect)
    policy = forms.ChoiceField(label=gettext_lazy("到期没有办，后果是"), widget=forms.RadioSelect)
    law = forms.CharField(
        label=gettext_lazy("依据的法律文件"),
        max_length=200,
        help_text=gettext_lazy("全称，如：中华人民共和国行政许可法。"),
        error_messages={"required": "".join(BASIS["law"])},
    )
    article = forms.CharField(
        label=gettext_lazy("条款"),
        max_length=64,
        help_text=gettext_lazy("写到条，如：第五十条。"),
        error_messages={"required": "".join(BASIS["article"])},
    )
    document_no = forms.CharField(
        label=gettext_lazy("本县公布文件文号"),
        max_length=100,
        help_text=gettext_lazy("公布这项默认的文件，如：奉节府发〔2026〕12号。没有公布的不能施行。"),
        error_messages={"required": "".join(BASIS["document_no"])},
    )
    effective_on = forms.DateField(
        label=gettext_lazy("施行日期"),
        widget=forms.DateInput(attrs=DAY),
        help_text=gettext_lazy("不早于确认那天；已经开始的时限不受影响。"),
        error_messages={
            "required": gettext_lazy("请填写施行日期。"),
            "invalid": gettext_lazy("请填写 2026-03-02 这样的日期。"),
        },
    )
    ended_on = forms.DateField(
        label=gettext_lazy("截止日期"),
        widget=forms.DateInput(attrs=DAY),
        required=False,
        error_messages={"invalid": gettext_lazy("请填写 2026-03-02 这样的日期，或留空。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写明理由。")},
    )

    def __init__(self, *args: Any, guide: MatterVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guide = guide
        for name, choices in (("limit", self._limits()), ("policy", self._policies())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.error_messages["required"] = _("请选一项。")

    def _limits(self) -> list[tuple[str, str]]:
        found = [(Where.SUPPLEMENT.value, str(WHERE_LABELS[Where.SUPPLEMENT]))]
        steps: dict[str, list[str]] = {}
        for step in self.guide.steps.order_by("seq"):
            words = _("第 %(seq)d 环节 %(name)s（%(kind)s）")
            found.append((str(step.seq), words % {"seq": step.seq, "name": step.name, "kind": step.get_kind_display()}))
            steps.setdefault(step.kind, []).append(step.get_kind_display())
        several = ((kind, labels[0]) for kind, labels in steps.items() if len(labels) > 1)
        found += [(f"{KIND}{kind}", _("全部%(kind)s环节") % {"kind": label}) for kind, label in several]
        return [*found, (Where.RENEWAL.value, str(WHERE_LABELS[Where.RENEWAL]))]

    def _policies(self) -> list[tuple[str, str]]:
        affair = affair_of(self.guide)
        return [
            (policy.value, str(POLICY_LABELS[policy]))
            for policy in Policy
            if any(not forbidden(policy, where, affair, step_kind="review") for where in PLACES[policy])
        ]

    def proposal(self, matter_code: str) -> Proposal:
        """Return what was filled in, once the form is valid."""
        data = self.cleaned_data
        limit = data["limit"]
        is_step = limit.isdecimal() or limit.startswith(KIND)
        return Proposal(
            matter_code=matter_code,
            place=Where.STEP.value if is_step else limit,
            policy=data["policy"],
            law=data["law"],
            article=data["article"],
            document_no=data["document_no"],
            effective_on=data["effective_on"],
            ended_on=data["ended_on"],
            step=int(limit) if limit.isdecimal() else None,
            step_kind=limit.removeprefix(KIND) if limit.startswith(KIND) else "",
        )

    def explain(self, field: str, text: str) -> None:
        """Put a refusal where its field is."""
        known = {"place": "limit", "step": "limit"}.get(field, field)
        self.add_error(known if known in self.fields else None, text)
