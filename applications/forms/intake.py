"""What the village clerk fills in, page by page. A form translates; the actions decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.actions.fill import Particulars, may_be_left_out
from applications.domain.identity import IdKind
from applications.models import Applicant, Application, ApplicationMaterial
from halls.domain.errors import Invalid
from halls.files import MAX_BYTES, refuse_size
from halls.forms import SpokenForm
from matters.selectors.timeout import is_renewal_guide

Declared = ApplicationMaterial.Declared
MOST_VERSION = 2**31 - 1


class IdNumberInput(forms.TextInput):
    """Counts the digits as they are typed (static/js/id-number.js finds it by its name)."""


class StepForm(SpokenForm):
    """A page of the intake. It carries the version of the draft it shows, so that a stale page is noticed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_VERSION)

    def __init__(self, data: Any = None, files: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.case = case
        self.fields["version"].initial = case.version
        self.prepare()

    def prepare(self) -> None:
        """Adapt the fields to the draft."""

    def take(self, refusal: Invalid) -> None:
        """Show what an action found, each fault at its field, with the cure."""
        for problem in refusal.problems:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, f"{problem.message}{problem.cure}")
        if not refusal.problems:
            self.add_error(None, f"{refusal.message}{refusal.cure}")


class ApplicantForm(StepForm):
    """Who asks. What was sealed before is not shown again; left empty, it stays."""

    id_kind = forms.ChoiceField(widget=forms.HiddenInput, choices=[(kind.value, kind.label) for kind in IdKind])
    name = forms.CharField(
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请照证件填写全名。")},
    )
    id_number = forms.CharField(max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("办好了、缺材料了，用它通知申请人。没有电话就空着，由代办员转告。"),
    )
    no_phone = forms.BooleanField(label=gettext_lazy("去掉电话：申请人没有电话"), required=False)
    address = forms.CharField(
        label=gettext_lazy("住址"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("照证件或户口簿上的填。"),
    )

    WORDS = {
        IdKind.RESIDENT: (
            gettext_lazy("姓名"),
            gettext_lazy("身份证号"),
            gettext_lazy("18 位。末位是 X 的，大小写都行；15 位的旧号码不能用。居住证也填在这里。"),
        ),
        IdKind.USCC: (
            gettext_lazy("单位名称"),
            gettext_lazy("统一社会信用代码"),
            gettext_lazy("18 位，在营业执照或登记证书上。"),
        ),
        IdKind.OTHER: (
            gettext_lazy("姓名或名称"),
            gettext_lazy("证件号"),
            gettext_lazy("护照、军官证、港澳台通行证等，照证件填写 4 到 32 位。"),
        ),
    }

    def __init__(self, *args: Any, kind: IdKind, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        name, number, hint = self.WORDS[self.kind]
        who = self.kept
        self.fields["id_kind"].initial = self.kind.value
        self.fields["name"].label = name
        field = self.fields["id_number"]
        field.label = number
        field.error_messages["required"] = _("请填写%(what)s。") % {"what": number}
        attrs = {"class": "id-number", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        field.widget = IdNumberInput(attrs) if self.kind is IdKind.RESIDENT else forms.TextInput(attrs)
        field.help_text = hint
        field.required = who is None
        if who is not None:
            field.help_text = _("已填 %(masked)s，不改就空着。") % {"masked": who.id_masked}
        self._prepare_rest()

    def _prepare_rest(self) -> None:
        who = self.case.applicant
        if who is None:
            del self.fields["no_phone"]
            return
        self.fields["name"].initial = who.name
        self.fields["address"].initial = who.address
        if who.phone_masked:
            self.fields["phone"].help_text = _("已填 %(masked)s，不改就空着。") % {"masked": who.phone_masked}
        else:
            del self.fields["no_phone"]

    @property
    def kept(self) -> Applicant | None:
        """The applicant whose number of this kind is sealed already."""
        who = self.case.applicant
        return who if who is not None and who.id_kind == self.kind else None

    def particulars(self) -> Particulars:
        data = self.cleaned_data
        keeps_phone = self.case.applicant is not None and not data["phone"] and not data.get("no_phone")
        return Particulars(
            name=data["name"],
            id_number=data["id_number"] or (None if self.kept else ""),
            phone=None if keeps_phone else data["phone"],
            address=data["address"],
            id_kind=self.kind,
        )


class DetailsForm(StepForm):
    """The few answers that every matter may have; kept under the words the window reads."""

    group = forms.CharField(
        label=gettext_lazy("所在组"),
        required=False,
        max_length=50,
        help_text=gettext_lazy("申请人家在哪个村民小组，或者事情发生在哪里。例如：3 组。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("事由和备注"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
        help_text=gettext_lazy("受理窗口会看到。例如：原房屋是危房，申请原址翻建。"),
    )

    # The first question, of a renewal only.
    permit_expires_on = forms.DateField(
        label=gettext_lazy("原许可有效期至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "照许可证填写有效期的最后一天。应当在届满三十日前申请；到那天还没有决定的，依法视为准予延续。"
        ),
        error_messages={
            "required": gettext_lazy("请照许可证填写有效期的最后一天。"),
            "invalid": gettext_lazy("请填写 2026-03-02 这样的日期。"),
        },
    )

    KEYS = {"group": "所在组", "reason": "事由和备注"}
    field_order = ("permit_expires_on", "group", "reason")

    def prepare(self) -> None:
        if is_renewal_guide(self.case.guide):
            self.fields["permit_expires_on"].initial = self.case.permit_expires_on
        else:
            del self.fields["permit_expires_on"]
        for name, key in self.KEYS.items():
            self.fields[name].initial = self.case.form.get(key, "")

    def answers(self) -> dict[str, Any]:
        """The whole form of the case; an answer taken back is gone."""
        kept = {key: value for key, value in self.case.form.items() if key not in self.KEYS.values()}
        given = {key: self.cleaned_data[name] for name, key in self.KEYS.items()}
        return kept | {key: value for key, value in given.items() if value}

    def permit_end(self) -> date | None:
        found: date | None = self.cleaned_data.get("permit_expires_on")
        return found


@dataclass(frozen=True)
class Upload:
    """A file sent for a line of the checklist."""

    seq: int
    file: UploadedFile[bytes]

    def read(self) -> bytes:
        """Return the bytes. Raises Invalid when there are too many, without reading them."""
        if (self.file.size or 0) > MAX_BYTES:
            raise refuse_size(self.file.size or 0)
        data: bytes = self.file.read()
        return data


class MaterialsForm(StepForm):
    """The checklist: per line what was brought, and files."""

    lines: Sequence[ApplicationMaterial]

    def __init__(self, *args: Any, lines: Sequence[ApplicationMaterial], **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        for line in self.lines:
            self.fields[f"declared_{line.seq}"] = forms.ChoiceField(
                label=line.material.name, required=False, choices=[(c.value, c.label) for c in choices_of(line)]
            )

    def declared(self) -> dict[int, str]:
        """What was chosen, by line; a line without a choice is left alone."""
        chosen = {line.seq: self.cleaned_data[f"declared_{line.seq}"] for line in self.lines}
        return {seq: value for seq, value in chosen.items() if value}

    def uploads(self) -> Iterator[Upload]:
        for line in self.lines:
            for file in self.files.getlist(f"files_{line.seq}") if self.files else ():
                yield Upload(line.seq, file)


def choices_of(line: ApplicationMaterial) -> tuple[Declared, ...]:
    """What a clerk is offered to say about a line."""
    offered = (Declared.HAVE, Declared.LATER)
    return (*offered, Declared.NOT_NEEDED) if may_be_left_out(line.material) else offered


class CheckForm(StepForm):
    """The declaration under the answers."""

    applicant_checked = forms.BooleanField(
        label=gettext_lazy("申请人已核对，以上内容没有错"),
        error_messages={"required": gettext_lazy("请让申请人核对后打勾，再提交。")},
    )

    def __init__(self, *args: Any, unanswered: Sequence[ApplicationMaterial] = (), **kwargs: Any) -> None:
        self.unanswered = unanswered
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.case.applicant is None:
            self.add_error(None, _("还没有填「给谁办」。请先填写申请人。"))
        if self.unanswered:
            quoted = "".join(f"「{line.material.name}」" for line in self.unanswered)
            self.add_error(
                None,
                _("还有 %(n)d 份材料没有选：%(names)s。请逐份选「已带来」「稍后补」或「本次不需要」。")
                % {"n": len(self.unanswered), "names": quoted},
            )
        return cleaned
