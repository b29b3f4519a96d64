"""One form per verb: what the person fills in, and the one action it calls.

A form translates; it decides nothing. Every form carries the version of the page it stands on.
"""

from __future__ import annotations

import base64
import binascii

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.decline import REASON_CLASSES, decline
from applications.actions.deliver import RELATIONS, WAYS, Handing, deliver
from applications.actions.grant import grant
from applications.actions.hand_over import hand_over, take_over
from applications.actions.handle_immediately import handle_immediately
from applications.actions.make_result import make_result
from applications.actions.pass_on import pass_on
from applications.actions.receive import receive
from applications.actions.refuse import refuse
from applications.actions.request_correction import SUPPLEMENT_DAYS, request_correction
from applications.actions.step_back import step_back
from applications.actions.supply import supply
from applications.actions.withdraw import withdraw
from applications.domain.lifecycle import Verb
from applications.domain.paper_titles import REFUSAL, title_of
from applications.forms.base import LONG, ReasonForm, VerbForm, faulty_words
from applications.forms.times import ExtendForm, ResumeForm, SuspendForm, TellForm
from applications.models import Application, ApplicationMaterial
from halls import files
from halls.acting import Actor
from halls.models import Hall


class ReceiveForm(VerbForm):
    lead = _("确认纸质或电子材料已到窗口。从次日起 5 个工作日内受理、一次性告知或不予受理。")

    def call(self, actor: Actor) -> Application:
        return receive(self.application.pk, actor=actor, **self.common)


class CheckForm(VerbForm):
    """The window's checklist; its lines are read by name so that each may carry a reason."""

    note = forms.CharField(label=_("备注"), required=False, max_length=500)
    days = forms.IntegerField(
        label=_("补正期限（工作日）"), initial=SUPPLEMENT_DAYS, min_value=1, max_value=60, required=False
    )
    lines: list[ApplicationMaterial]

    def prepare(self) -> None:
        self.lines = list(self.application.materials.select_related("material").order_by("seq"))
        choices = ApplicationMaterial.Check.choices
        for line in self.lines:
            self.fields[f"check_{line.seq}"] = forms.ChoiceField(
                label=_("第 %(seq)s 项") % {"seq": line.seq}, choices=choices, required=False, initial=line.check_result
            )
            self.fields[f"reason_{line.seq}"] = forms.CharField(
                label=_("第 %(seq)s 项的说明") % {"seq": line.seq},
                required=False,
                max_length=300,
                initial=line.check_reason,
            )

    def findings(self) -> dict[int, Finding]:
        data = self.cleaned_data
        return {
            line.seq: Finding(data[f"check_{line.seq}"], data[f"reason_{line.seq}"])
            for line in self.lines
            if data.get(f"check_{line.seq}")
        }


class AcceptForm(CheckForm):
    def call(self, actor: Actor) -> Application:
        note = self.cleaned_data["note"]
        return accept(self.application.pk, self.findings(), actor=actor, note=note, **self.common)


class CorrectionForm(CheckForm):
    def call(self, actor: Actor) -> Application:
        return request_correction(
            self.application.pk,
            self.findings(),
            actor=actor,
            days=self.cleaned_data["days"] or SUPPLEMENT_DAYS,
            note=self.cleaned_data["note"],
            **self.common,
        )


class SupplyForm(VerbForm):
    is_complete = forms.BooleanField(label=_("上面的材料都补齐了（上传的，或纸质件交到窗口的）"))
    note = forms.CharField(label=_("补正说明"), required=False, widget=forms.Textarea(LONG))

    def prepare(self) -> None:
        items = faulty_words(self.application)
        self.lead = _("要补的：%(items)s 补齐后窗口重新核验，5 个工作日内答复。") % {"items": items}

    def call(self, actor: Actor) -> Application:
        return supply(self.application.pk, actor=actor, note=self.cleaned_data["note"], **self.common)


class DeclineForm(VerbForm):
    lead = _("不予受理要出具书面决定，写明理由和救济途径，申请人会收到。")
    reason_class = forms.ChoiceField(label=_("情形"), choices=tuple(REASON_CLASSES.items()), widget=forms.RadioSelect)
    competent_organ = forms.CharField(
        label=_("有权机关"), required=False, max_length=100, help_text=_("不属于本机关职权的，告诉申请人应当去哪里。")
    )
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(LONG))

    def call(self, actor: Actor) -> Application:
        data = self.cleaned_data
        return decline(
            self.application.pk,
            actor=actor,
            reason=data["reason"],
            reason_class=data["reason_class"],
            competent_organ=data["competent_organ"],
            **self.common,
        )


class PassOnForm(VerbForm):
    opinion = forms.CharField(
        label=_("审查意见"), widget=forms.Textarea(LONG), help_text=_("写明查了什么、结论是什么。")
    )

    def prepare(self) -> None:
        following = self.position.after() if self.position.current else None
        if following is not None:
            organ = following.department or following.hall
            self.lead = _("办结后转入「%(step)s」，由%(organ)s办理。") % {"step": following.name, "organ": organ.name}

    def call(self, actor: Actor) -> Application:
        return pass_on(self.application.pk, actor=actor, opinion=self.cleaned_data["opinion"], **self.common)


class StepBackForm(ReasonForm):
    lead = _("退回后上一环节重新计算环节时限；对申请人的承诺时限不变。")

    def call(self, actor: Actor) -> Application:
        return step_back(self.application.pk, actor=actor, reason=self.cleaned_data["reason"], **self.common)


class WithdrawForm(ReasonForm):
    lead = _("只有申请人本人要求时才能撤回。撤回后本件终止，要办须重新提交。")

    def call(self, actor: Actor) -> Application:
        return withdraw(self.application.pk, actor=actor, reason=self.cleaned_data["reason"], **self.common)


class GrantForm(VerbForm):
    lead = _("作出准予决定，转入制作和送达结果。受理本件的人不能作出决定。")
    opinion = forms.CharField(label=_("决定意见"), widget=forms.Textarea(LONG), help_text=_("写明符合哪些条件。"))

    def call(self, actor: Actor) -> Application:
        return grant(self.application.pk, actor=actor, opinion=self.cleaned_data["opinion"], **self.common)


class RefuseForm(ReasonForm):
    def prepare(self) -> None:
        paper = title_of(REFUSAL, self.application.guide.kind)
        self.lead = _("出具《%(paper)s》，要写明事实和依据；决定书会告知复议和诉讼的权利。") % {"paper": paper}

    def call(self, actor: Actor) -> Application:
        return refuse(self.application.pk, actor=actor, reason=self.cleaned_data["reason"], **self.common)


class MakeResultForm(VerbForm):
    lead = _("结果已经制作完成，可以发放。")
    result_number = forms.CharField(
        label=_("证照或批文编号"), required=False, max_length=64, help_text=_("没有自己编号的，留空由系统编号。")
    )

    def call(self, actor: Actor) -> Application:
        number = self.cleaned_data["result_number"]
        return make_result(self.application.pk, actor=actor, result_number=number, **self.common)


class HandOverForm(VerbForm):
    lead = _("结果送往下一站，对方签收后才能送达。")
    to_hall = forms.ChoiceField(label=_("移交到"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        codes = self.application.path.strip("/").split("/")
        halls = Hall.objects.filter(code__in=codes).exclude(path=self.application.result_path)
        choices = [(hall.code, hall.name) for hall in halls.order_by("-path")]
        field = self.fields["to_hall"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.initial = choices[0][0] if choices else None

    def call(self, actor: Actor) -> Application:
        return hand_over(self.application.pk, actor=actor, to_hall=self.cleaned_data["to_hall"], **self.common)


class TakeOverForm(VerbForm):
    lead = _("确认结果原件已经送到本处。")

    def call(self, actor: Actor) -> Application:
        return take_over(self.application.pk, actor=actor, **self.common)


class DeliverForm(VerbForm):
    lead = _("核对签收人证件后签名。签名会印在送达回证上。")
    way = forms.ChoiceField(
        label=_("送达方式"), choices=tuple(WAYS.items()), widget=forms.RadioSelect, initial="counter"
    )
    receiver = forms.CharField(label=_("签收人"), max_length=64)
    relation = forms.ChoiceField(label=_("与申请人的关系"), choices=(("", _("请选择")), *((r, r) for r in RELATIONS)))
    tracking_number = forms.CharField(label=_("邮件号"), required=False, max_length=64, help_text=_("邮寄送达时填写。"))
    signature = forms.CharField(label=_("签名"), required=False, widget=forms.HiddenInput, max_length=2_000_000)
    signature_file = forms.FileField(label=_("签名照片"), required=False)

    def clean_signature(self) -> bytes:
        """The drawing of the signature pad, sent as a data URL."""
        text = self.cleaned_data["signature"]
        if not text:
            return b""
        try:
            return base64.b64decode(text.partition("base64,")[2], validate=True)
        except binascii.Error:
            raise forms.ValidationError(_("签名没有传完整，请擦掉重签。")) from None

    def call(self, actor: Actor) -> Application:
        return deliver(self.application.pk, self.handing(), actor=actor, **self.common)

    def clean_signature_file(self) -> UploadedFile[bytes] | None:
        """Refuse a picture that is too large before it is read into memory."""
        upload: UploadedFile[bytes] | None = self.cleaned_data.get("signature_file")
        if upload is not None and (upload.size or 0) > files.MAX_BYTES:
            raise forms.ValidationError(_("签名照片超过 10 MB，请用标准清晰度重新拍。"))
        return upload

    def handing(self) -> Handing:
        data = self.cleaned_data
        upload = data.get("signature_file")
        return Handing(
            way=data["way"],
            receiver=data["receiver"],
            relation=data["relation"],
            signature=upload.read() if upload else data["signature"],
            tracking_number=data["tracking_number"],
        )


class ImmediateForm(CheckForm, DeliverForm):
    """The checklist and the delivery on one screen, for 即办件."""

    lead = _("即办件：核验材料、当场办理、当场签收，一次完成。")

    def call(self, actor: Actor) -> Application:
        return handle_immediately(self.application.pk, self.findings(), self.handing(), actor=actor, **self.common)


FORMS: dict[Verb, type[VerbForm]] = {
    Verb.RECEIVE: ReceiveForm,
    Verb.ACCEPT: AcceptForm,
    Verb.REQUEST_CORRECTION: CorrectionForm,
    Verb.SUPPLY: SupplyForm,
    Verb.DECLINE: DeclineForm,
    Verb.PASS_ON: PassOnForm,
    Verb.STEP_BACK: StepBackForm,
    Verb.SUSPEND: SuspendForm,
    Verb.RESUME: ResumeForm,
    Verb.GRANT: GrantForm,
    Verb.REFUSE: RefuseForm,
    Verb.MAKE_RESULT: MakeResultForm,
    Verb.HAND_OVER: HandOverForm,
    Verb.TAKE_OVER: TakeOverForm,
    Verb.DELIVER: DeliverForm,
    Verb.WITHDRAW: WithdrawForm,
    Verb.EXTEND: ExtendForm,
    Verb.TELL: TellForm,
}
