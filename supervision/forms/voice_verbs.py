"""One form for each verb about a complaint or an inquiry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.domain.transitions import ClockKind
from halls.acting import Actor
from halls.forms import SpokenForm
from supervision.actions.accept_voice import accept_voice
from supervision.actions.answer_voice import answer_voice
from supervision.actions.close_voice import close_voice
from supervision.actions.explain_voice import explain_voice
from supervision.actions.extend_voice import extend_voice
from supervision.actions.hand_up_voice import hand_up_voice
from supervision.actions.investigate_voice import investigate_voice
from supervision.actions.publish_answer import publish_answer, withdraw_answer
from supervision.actions.refuse_voice import LONGEST_WAY, refuse_voice
from supervision.actions.release_summary import release_summary
from supervision.domain.answers import COMPLAINT_AT_MOST, LIMITS
from supervision.domain.voices import GROUND_LABELS, RESULT_LABELS, TOLD_LABELS, Kind, VoiceVerb, ways_to_tell
from supervision.models import Voice, VoiceAct

LONG = {"rows": 4, "maxlength": 2000}
MORE = COMPLAINT_AT_MOST - LIMITS[ClockKind.COMPLAINT].amount


def _text(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=2000, widget=forms.Textarea(attrs=LONG), help_text=help_text
    )


class VoiceForm(SpokenForm):
    """Base; `call` runs the action on what was cleaned."""

    lead: Any = ""
    button: Any = ""

    def __init__(self, *args: Any, voice: Voice, acts: list[VoiceAct], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voice, self.acts = voice, acts
        self.prepare()

    def prepare(self) -> None:
        """Adapt the fields to the voice."""

    def call(self, actor: Actor) -> VoiceAct:
        raise TypeError(f"{type(self).__name__} calls no action")


class AcceptForm(VoiceForm):
    lead = _("受理后发《投诉受理告知书》；期限从提出时起算。")
    words = _text(_("备注"), required=False)

    def call(self, actor: Actor) -> VoiceAct:
        return accept_voice(self.voice.number, actor=actor, words=self.cleaned_data["words"])


class RefuseForm(VoiceForm):
    lead = _("只有公布的情形可以不予受理；发《不予受理告知书》，写明理由和可以走的途径。")
    ground = forms.ChoiceField(
        label=_("哪种情形"),
        choices=[(ground.value, label) for ground, label in GROUND_LABELS.items()],
        widget=forms.RadioSelect,
    )
    reason = _text(_("理由"))
    instead = forms.CharField(
        label=_("可以找哪里解决"),
        required=False,
        max_length=LONGEST_WAY,
        help_text=_("除证据不全外必须写，如：县人民法院，行政诉讼。"),
    )

    def call(self, actor: Actor) -> VoiceAct:
        given = self.cleaned_data
        return refuse_voice(
            self.voice.number, actor=actor, ground=given["ground"], reason=given["reason"], instead=given["instead"]
        )


class InvestigateForm(VoiceForm):
    lead = _("只有办理的人看得到。")
    words = _text(_("查了什么、查到什么、怎么处理"))

    def call(self, actor: Actor) -> VoiceAct:
        return investigate_voice(self.voice.number, actor=actor, words=self.cleaned_data["words"])


class ReleaseForm(VoiceForm):
    lead = _("被投诉单位只看到这段摘要，看不到是谁投诉、原文、电话和办件。")
    summary = _text(_("摘要"), _("用自己的话概括要说明的事；不写姓名、电话、办件编号，也不写能认出人的细节。"))

    def call(self, actor: Actor) -> VoiceAct:
        return release_summary(self.voice.number, actor=actor, summary=self.cleaned_data["summary"])


class ExplainForm(VoiceForm):
    lead = _("说明给办理投诉的人看。不得打听投诉人，不得打击报复。")
    words = _text(_("情况说明"))

    def call(self, actor: Actor) -> VoiceAct:
        return explain_voice(self.voice.number, actor=actor, words=self.cleaned_data["words"])


class ExtendForm(VoiceForm):
    lead = _("只能延一次，合计不超过 15 个工作日；发《延期告知书》，查询页马上显示新的日期和理由。")
    days = forms.IntegerField(label=_("再延几个工作日"), min_value=1, max_value=MORE)
    reason = _text(_("理由"), _("投诉人会看到。"))

    def call(self, actor: Actor) -> VoiceAct:
        given = self.cleaned_data
        return extend_voice(self.voice.number, actor=actor, days=given["days"], reason=given["reason"])


class AnswerForm(VoiceForm):
    result = forms.ChoiceField(
        label=_("查实的结果"),
        choices=[(result.value, label) for result, label in RESULT_LABELS.items()],
        widget=forms.RadioSelect,
    )
    words = _text(_("答复"), _("提出的人会看到：查到什么，怎么处理、怎么改。"))

    def prepare(self) -> None:
        if self.voice.kind == Kind.INQUIRY:
            del self.fields["result"]
        self.lead = (
            _("提出的人在查询页看到答复。")
            if self.voice.kind == Kind.INQUIRY
            else _("发《处理结果告知书》，期限到此为止；告知投诉人后再归档。")
        )

    def call(self, actor: Actor) -> VoiceAct:
        given = self.cleaned_data
        return answer_voice(self.voice.number, actor=actor, words=given["words"], result=given.get("result", ""))


class CloseForm(VoiceForm):
    lead = _("把结果告知投诉人之后归档。")
    way = forms.ChoiceField(label=_("怎样告知的"))
    note = _text(_("备注"), _("投诉人的意见，可以不写。"), required=False)

    def prepare(self) -> None:
        has = {"has_name": bool(self.voice.name_masked), "has_phone": bool(self.voice.phone_masked)}
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(way.value, TOLD_LABELS[way]) for way in ways_to_tell(**has)]
        field.initial = field.choices[0][0]

    def call(self, actor: Actor) -> VoiceAct:
        given = self.cleaned_data
        return close_voice(self.voice.number, actor=actor, way=given["way"], note=given["note"])


class HandUpForm(VoiceForm):
    lead = _("应当回避、超出本级职责的转上一级；期限照算，不重新开始。")
    reason = _text(_("理由"))

    def call(self, actor: Actor) -> VoiceAct:
        return hand_up_voice(self.voice.number, actor=actor, reason=self.cleaned_data["reason"])


class PublishForm(VoiceForm):
    lead = _("公开在办事指南页上，谁都看得到。不写姓名、电话、证件号和能认出人的细节。")
    question = _text(_("问题"))
    answer = _text(_("回答"))

    def prepare(self) -> None:
        told = next((act.words for act in reversed(self.acts) if act.verb == VoiceVerb.ANSWER), "")
        self.fields["answer"].initial = told

    def call(self, actor: Actor) -> VoiceAct:
        given = self.cleaned_data
        return publish_answer(self.voice.number, actor=actor, question=given["question"], answer=given["answer"])


class UnpublishForm(VoiceForm):
    lead = _("从办事指南页撤下；公开过的内容留在记录里。")
    reason = _text(_("理由"))

    def call(self, actor: Actor) -> VoiceAct:
        return withdraw_answer(self.voice.number, actor=actor, reason=self.cleaned_data["reason"])


VERB_FORMS: dict[VoiceVerb, type[VoiceForm]] = {
    VoiceVerb.ACCEPT: AcceptForm,
    VoiceVerb.REFUSE: RefuseForm,
    VoiceVerb.INVESTIGATE: InvestigateForm,
    VoiceVerb.RELEASE: ReleaseForm,
    VoiceVerb.EXPLAIN: ExplainForm,
    VoiceVerb.EXTEND: ExtendForm,
    VoiceVerb.ANSWER: AnswerForm,
    VoiceVerb.CLOSE: CloseForm,
    VoiceVerb.HAND_UP: HandUpForm,
    VoiceVerb.PUBLISH: PublishForm,
    VoiceVerb.UNPUBLISH: UnpublishForm,
}
