"""What is filled in to rate, to handle a bad rating, and to call back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.domain.errors import DomainError
from halls.forms import SpokenForm, explain
from supervision.domain.ratings import CHANNELS, DETAILS, ENTERED_CHANNELS, LEVELS, MOST_DAYS_MORE

YES, NO = "yes", "no"


def _number(help_text: Any = "") -> forms.CharField:
    typed = {"class": "id-number", "inputmode": "numeric", "autocomplete": "off"}
    return forms.CharField(label=_("办件编号"), max_length=40, widget=forms.TextInput(attrs=typed), help_text=help_text)


def _level(help_text: Any = "", **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("满意程度"),
        coerce=int,
        choices=list(LEVELS.items()),
        widget=forms.RadioSelect,
        help_text=help_text,
        **more,
    )


def _words(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    return forms.CharField(label=label, required=required, max_length=500, widget=widget, help_text=help_text)


def _asked(label: Any, yes: Any, no: Any, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required, choices=((YES, yes), (NO, no)), widget=forms.RadioSelect)


class Explained(SpokenForm):
    """A form that puts a refusal where its field is."""

    def explain(self, refusal: DomainError) -> None:
        explain(self, refusal)


class OpinionForm(Explained):
    """What was good or bad, for the level that was chosen on the page before."""

    details = forms.MultipleChoiceField(
        label=_("是哪一点"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("可以选几项。")
    )
    text = _words(_("想说的话"), _("不用写姓名、电话和证件号。"))

    def __init__(self, *args: Any, level: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["details"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(DETAILS[level].items())


class EnterForm(Explained):
    """A rating told by telephone or written on paper."""

    number = _number()
    channel = forms.ChoiceField(
        label=_("评价渠道"),
        choices=[(channel.value, CHANNELS[channel]) for channel in ENTERED_CHANNELS],
        widget=forms.RadioSelect,
    )
    level = _level()
    text = _words(_("群众的原话"), _("不满意、非常不满意的，写清楚哪里没做好。"))
    scan = forms.FileField(
        label=_("书面评价的原件"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
        help_text=_("邮寄书面的必须附：原件的照片或扫描件，JPG、PNG 或 PDF，不超过 10 MB。只给上一级看。"),
    )

    def explain_number(self, refusal: DomainError) -> None:
        """Put at the number what is wrong with the case, and say nothing of what is not yet filled in."""
        self.full_clean()
        self.errors.clear()
        self.add_error("number", f"{refusal.message}{refusal.cure}")

    def scanned(self) -> tuple[str, bytes] | None:
        """Name and bytes of the paper."""
        scan = self.cleaned_data.get("scan")
        return (scan.name or "", scan.read()) if scan else None


class NoteForm(Explained):
    """One act about a rating: what happened, in words."""

    note = _words(_("情况"), required=True)

    def __init__(self, *args: Any, label: str = "", hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label
        self.fields["note"].help_text = hint


class SeatField(forms.ChoiceField):
    """A choice that one of two buttons needs; the label says when."""

    needed_when = _("属实时必选")


class WhyField(forms.CharField):
    """Words that another body than the rated hall is owed; the label says when."""

    needed_when = _("责任单位不是被评价的大厅时必填")


class PublicField(forms.CharField):
    """Words that one of two buttons needs; the label says when."""

    needed_when = _("没有依据时必填")


class VerifyForm(NoteForm):
    """Which body is responsible where it is found valid: it counts against that one, which puts it right."""

    seat = SeatField(
        label=_("责任单位"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "核实属实时选。评价说的是哪一段，就由办那一段的单位负责并整改，这条差评计在它名下；括号里是它手上超期的时限。"
        ),
    )
    why = WhyField(
        label=_("判定责任单位的理由"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        help_text=_("两家都看得到，不写姓名、电话和能认出人的细节。"),
    )
    demand = _words(
        _("整改要求"),
        _("整改的单位只看到这一段，看不到上面核实的情况；不写姓名、电话和能认出人的细节。"),
    )
    public = PublicField(
        label=_("没有依据的理由（公开）"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        help_text=_("另一个人确认后，在大厅的评价旁公布，不写姓名、电话和能认出人的细节。"),
    )

    def __init__(self, *args: Any, seats: list[tuple[str, str]], is_second: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_second:  # they confirm that there is no ground by explaining it
            del self.fields["public"]
        field = self.fields["seat"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = seats
        if len(seats) == 1:
            field.initial = seats[0][0]


class ExtendForm(NoteForm):
    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1, max_value=MOST_DAYS_MORE)


class CallForm(Explained):
    """One call about a case that was drawn."""

    is_reached = _asked(_("接通了吗？"), _("接通"), _("没有接通"), required=True)
    was_served = _asked(_("这件事是您委托代办员办的吗？"), _("是"), _("否"))
    has_papers = _asked(_("结果（证照、批复）收到了吗？"), _("是"), _("否"))
    has_paid = forms.ChoiceField(
        label=_("代办有没有收您的钱？"),
        required=False,
        choices=((NO, _("没有")), (YES, _("有"))),
        widget=forms.RadioSelect,
        help_text=_("代办不收费；依法的工本费照票据。"),
    )
    note = _words(_("情况"))
    level = _level(_("群众愿意评价才选；计为电话回访渠道。"), required=False, empty_value=None)
    text = _words(_("评价的原话"))

    def said(self, name: str) -> bool | None:
        value = self.cleaned_data.get(name, "")
        return None if value == "" else value == YES


class TicketForm(SpokenForm):
    """Number and code of the last paper, on the tablet of a hall."""

    number = _number(_("纸上的 16 位数字，中间有没有空格都行。"))
    code = forms.CharField(
        label=_("评价码"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "id-number", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("二维码下面的 12 个字母和数字，大写小写都行。"),
    )
