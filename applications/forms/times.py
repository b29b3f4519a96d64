"""The forms of the verbs that move time: pause, resume, extend, and telling that a date comes."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.actions.extend import LONGEST, extend, require_extendable
from applications.actions.resume import resume
from applications.actions.suspend import suspend
from applications.actions.tell import TELLING_WAYS, tell
from applications.domain.transitions import ClockKind
from applications.forms.base import LONG, ReasonForm, VerbForm, faulty_words
from applications.models import Application
from applications.selectors.extension import extension_words
from applications.selectors.statement_words import day_short
from halls.acting import Actor
from halls.domain.worktime import day_of


class SuspendForm(VerbForm):
    lead = _("特别程序的时间不计入承诺时限（行政许可法第四十五条），超过批准天数的部分照常计算。")
    days = forms.IntegerField(label=_("天数"), min_value=1, max_value=365)
    note = forms.CharField(label=_("安排"), required=False, max_length=500, help_text=_("时间、地点、参加人。"))
    was_told = forms.BooleanField(
        label=_("已把所需时间告诉申请人"),
        help_text=_("《特别程序告知书》在启动时自动生成，启动后到办件的「文书」里打印，送达申请人。"),
        error_messages={
            "required": _(
                "请先把所需时间告诉申请人（当面、打电话都行），再勾选「已把所需时间告诉申请人」；"
                "告知书启动后到办件的「文书」里打印送达。"
            )
        },
    )

    def prepare(self) -> None:
        step = self.position.current
        if step is None:
            return
        unit = _("个自然日") if step.unit == "cd" else _("个工作日")
        self.fields["days"].initial = step.days
        self.fields["days"].help_text = _("办事指南公布「%(name)s」最多 %(days)s %(unit)s。") % {
            "name": step.name,
            "days": step.days,
            "unit": unit,
        }

    def call(self, actor: Actor) -> Application:
        data = self.cleaned_data
        return suspend(
            self.application.pk,
            actor=actor,
            days=data["days"],
            was_told=data["was_told"],
            note=data["note"],
            **self.common,
        )


class ResumeForm(VerbForm):
    note = forms.CharField(
        label=_("结果"), widget=forms.Textarea(LONG), help_text=_("如：公示 7 日无异议；现场踏勘符合选址要求。")
    )

    def call(self, actor: Actor) -> Application:
        return resume(self.application.pk, actor=actor, note=self.cleaned_data["note"], **self.common)


class ExtendForm(ReasonForm):
    lead = _(
        "在规定期限内不能作出决定的，经本机关负责人批准可以延长一次，最多 10 个工作日，并把理由告知申请人"
        "（行政许可法第四十二条）。"
    )
    days = forms.IntegerField(label=_("延长（工作日）"), min_value=1, max_value=LONGEST)
    was_told = forms.BooleanField(
        label=_("已把延长的理由告诉申请人"),
        help_text=_("《延期办理告知书》在延长时自动生成，延长后到办件的「文书」里打印，送达申请人。"),
        error_messages={
            "required": _(
                "请先把延长的理由告诉申请人（当面、打电话都行），再勾选「已把延长的理由告诉申请人」；"
                "告知书延长后到办件的「文书」里打印送达。"
            )
        },
    )
    field_order = ("days", "reason", "was_told", "version")

    def prepare(self) -> None:
        self.fields["days"].help_text = " ".join(extension_words(self.application))

    def require_possible(self) -> None:
        require_extendable(self.application)

    def call(self, actor: Actor) -> Application:
        data = self.cleaned_data
        told = {"days": data["days"], "reason": data["reason"], "was_told": data["was_told"]}
        return extend(self.application.pk, actor=actor, **told, **self.common)


class TellForm(VerbForm):
    way = forms.ChoiceField(label=_("告知方式"), choices=tuple(TELLING_WAYS.items()), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("告知情况"), min_length=2, max_length=500, help_text=_("如：本人接听，答应周五送来。")
    )

    def prepare(self) -> None:
        clock = self.application.clocks.filter(kind=ClockKind.SUPPLEMENT).order_by("pk").last()
        due = day_short(day_of(clock.due_at), timezone.localdate()) if clock and clock.due_at else ""
        self.lead = _("告诉申请人：最晚 %(due)s（含当日）补齐 %(items)s 到期不补的后果也要说清。") % {
            "due": due,
            "items": faulty_words(self.application),
        }

    def call(self, actor: Actor) -> Application:
        data = self.cleaned_data
        return tell(self.application.pk, actor=actor, way=data["way"], note=data["note"], **self.common)
