"""What villagers fill in to complain, ask or report repeated trips, and what a clerk writes down for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.acting import Actor
from halls.forms import SeveralFiles, SeveralFilesInput, SpokenForm, read_whole
from halls.models import Department, Hall, Level
from matters.models import Matter
from supervision.actions.lodge_voice import MOST_TRIPS, Lodging, lodge_voice
from supervision.domain.voices import CHANNEL_LABELS, FEWEST_TRIPS, MOST_PHOTOS, SHORTEST, Channel, Kind
from supervision.models import Voice

LONG = {"rows": 5, "maxlength": 2000}
NO_HALL = _("请选择")
TOWNSHIP_CODE = 9  # digits
NEAR = "near"  # the button that lists the villages of the chosen township
FIND = "find"  # the button that lists the matters whose name holds what was typed
MOST_LISTED = 100  # matters in one list: a page for everybody stays small in a county of thousands
PHOTO_HINT = _("可以不传。JPG 或 PNG 照片，最多 3 张，每张不超过 10 MB；和原文一样，只给办理的人看。")
PHOTOS_AGAIN = _("刚才选的照片没有保存，请重新选择。")


class TownshipSelect(forms.Select):
    """A township with the button that lists its villages; nothing that was typed is lost by it."""

    template_name = "supervision/voices/_township.html"


class MatterWords(forms.TextInput):
    """Part of a name with the button that lists the matters; nothing that was typed is lost by it."""

    template_name = "supervision/voices/_matter_words.html"


class LodgingForm(SpokenForm):
    """Base of the three: `kind` is the class's, the choices those of one county and one township."""

    kind: Kind
    words = forms.CharField(
        label=_("发生了什么事"),
        min_length=SHORTEST,
        max_length=2000,
        widget=forms.Textarea(attrs=LONG),
        help_text=_("什么时候、在哪里、谁做了什么。"),
    )
    township = forms.ChoiceField(label=_("是村（社区）的服务点？先选乡镇"), required=False, widget=TownshipSelect)
    hall = forms.ChoiceField(label=_("哪个大厅或服务点"), required=False)
    matter_words = forms.CharField(
        label=_("找事项：写名称里的几个字"),
        required=False,
        max_length=40,
        widget=MatterWords,
        help_text=_("按「找事项」以后，在下面选一项；找不到可以不选。"),
    )
    matter = forms.ChoiceField(label=_("办的什么事"), required=False)
    case_number = forms.CharField(
        label=_("办件编号"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "id-number", "inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("和哪一件有关，照回执写 16 位数字；没有就不写。只联系到上面选的大厅的办件。"),
    )
    case_proof = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("您的姓名"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("可以不写。写了也只给办理的人看。"),
    )
    phone = forms.CharField(
        label=_("您的电话"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("可以不写。不写的，用编号和查询码在网上看结果。"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, township: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4
        said = self.data if self.is_bound else self.initial
        township = str(said.get("township") or township or said.get("hall") or "")[:TOWNSHIP_CODE]
        halls = _halls(township)
        townships = [choice for choice in halls if len(choice[0]) == TOWNSHIP_CODE]
        self.initial["township"] = township
        self._choose("hall", halls)
        self._choose("township", [("", _("不是")), *townships])
        if "matter" in self.fields:
            words, chosen = (str(said.get(key) or "").replace("\0", "").strip() for key in ("matter_words", "matter"))
            rows = self._matters(words, chosen)
            self._choose("matter", [("", _("不清楚，或者不止一件")), *rows])

    def _matters(self, words: str, chosen: str) -> list[tuple[str, str]]:
        """All of a county with few; of one with many those that hold the words, and the one that was chosen."""
        rows = Matter.objects.open_to_public().order_by("name").values_list("code", "name")
        every = list(rows[: MOST_LISTED + 1])
        if len(every) <= MOST_LISTED:
            del self.fields["matter_words"]
            return every
        found = list(rows.filter(name__icontains=words)[:MOST_LISTED]) if words else []
        return found if chosen in dict(found) else [*rows.filter(code=chosen), *found]

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def said(self) -> dict[str, Any]:
        """What was filled in, for the action."""
        names = ("words", "hall", "matter", "case_number", "case_proof", "name", "phone")
        said = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        photos = read_whole(self.cleaned_data.get("photos", ()))
        return said | ({"photos": tuple(photos)} if photos else {})

    def ask_for_photos_again(self) -> None:
        """A browser does not keep chosen files on a page that comes back: say so where they are chosen."""
        if "photos" in self.fields:
            self["photos"].help_text = f"{PHOTOS_AGAIN}{PHOTO_HINT}"

    def lodge(self, client: str, device: str) -> Voice:
        """Lodge it for a visitor."""
        return lodge_voice(Lodging(kind=self.kind, **self.said()), key=self._key(), client=client, device=device)

    def _key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        return key


def _halls(township: str) -> list[Any]:
    """The county's hall, the townships, and the villages of the township that was chosen."""
    rows = Hall.objects.filter(retired_on__isnull=True).order_by("path")
    found: list[Any] = [("", NO_HALL)]
    near = rows.exclude(tier=Level.VILLAGE)
    if township.isascii() and township.isdecimal() and len(township) >= 9:
        near = rows.exclude(tier=Level.VILLAGE) | rows.filter(tier=Level.VILLAGE, parent__code=township[:9])
    labels = near.values_list("code", "name", "short_name", "tier")
    found += [(code, f"　{short}" if tier == Level.VILLAGE else name) for code, name, short, tier in labels]
    return found


def _photos() -> SeveralFiles:
    widget = SeveralFilesInput(attrs={"accept": "image/jpeg,image/png"})
    return SeveralFiles(
        label=_("照片"),
        required=False,
        widget=widget,
        help_text=PHOTO_HINT,
        most=MOST_PHOTOS,
        too_many=_("最多传 %(n)d 张照片，请去掉几张。"),
    )


class ComplaintForm(LodgingForm):
    kind = Kind.COMPLAINT
    field_order = (
        "township", "hall", "department", "accused_person", "words", "evidence", "photos", "case_number", "name",
        "phone",
    )  # fmt: skip
    photos = _photos()
    matter = None  # type: ignore[assignment]
    matter_words = None  # type: ignore[assignment]
    department = forms.ChoiceField(
        label=_("哪个部门的窗口"), required=False, help_text=_("投诉的是部门窗口才选；大厅自己的不用选。")
    )
    accused_person = forms.CharField(
        label=_("投诉谁"),
        required=False,
        max_length=60,
        help_text=_("姓名、工号或几号窗口；不知道可以不写。写了姓名的，不会由本人办理。"),
    )
    evidence = forms.CharField(
        label=_("凭据"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
        help_text=_("有什么可以证明：票据、在场的人，照片传在下面。没有的写明为什么没有。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("department", [("", _("不是部门窗口")), *_departments()])

    def said(self) -> dict[str, Any]:
        more = {name: self.cleaned_data[name] for name in ("department", "accused_person", "evidence")}
        return super().said() | more


def _departments() -> list[tuple[str, str]]:
    rows = Department.objects.filter(retired_on__isnull=True).exclude(kind=Department.Kind.OFFICE)
    return list(rows.order_by("path").values_list("code", "name"))


class RepeatForm(LodgingForm):
    kind = Kind.REPEAT
    field_order = (
        "case_number",
        "matter_words",
        "matter",
        "township",
        "hall",
        "trips",
        "words",
        "photos",
        "name",
        "phone",
    )
    photos = _photos()
    trips = forms.IntegerField(
        label=_("一共跑了几次"),
        min_value=FEWEST_TRIPS,
        max_value=MOST_TRIPS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("每次为什么没办成")
        self.fields["words"].help_text = _("例如：第一次说缺复印件，第二次说要本人来。")
        self.fields["case_number"].help_text = _("照回执写 16 位数字；没有交成材料的，选下面的事项。")

    def said(self) -> dict[str, Any]:
        return super().said() | {"trips": self.cleaned_data["trips"]}


class InquiryForm(LodgingForm):
    kind = Kind.INQUIRY
    field_order = ("matter_words", "matter", "township", "hall", "department", "words", "name", "phone")
    case_number = None  # type: ignore[assignment]
    case_proof = None  # type: ignore[assignment]
    department = forms.ChoiceField(
        label=_("问哪个部门"), required=False, help_text=_("要问县里部门的才选；选了就由部门答复。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("您想问什么")
        self.fields["words"].help_text = _("写清您的情况和想知道的事。")
        self.fields["hall"].label = _("问哪个大厅或服务点")
        self._choose("department", [("", _("不问部门")), *_departments()])

    def said(self) -> dict[str, Any]:
        return super().said() | {"department": self.cleaned_data["department"]}


FORMS: dict[Kind, type[LodgingForm]] = {
    Kind.COMPLAINT: ComplaintForm,
    Kind.REPEAT: RepeatForm,
    Kind.INQUIRY: InquiryForm,
}


class ChannelForm(SpokenForm):
    """How it came to the counter."""

    channel = forms.ChoiceField(
        label=_("怎么来的"),
        choices=[(one.value, label) for one, label in CHANNEL_LABELS.items() if one is not Channel.WEB],
    )


def record_voice(form: LodgingForm, channel: ChannelForm, actor: Actor) -> Voice:
    """Lodge what somebody told a person at work."""
    way = Channel(channel.cleaned_data["channel"])
    return lodge_voice(Lodging(kind=form.kind, channel=way, **form.said()), key=form._key(), actor=actor)


class FollowForm(SpokenForm):
    number = forms.CharField(
        label=_("编号"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "id-number", "autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("回执上 TS 或 ZX 开头的编号，中间有没有空格都行。"),
        error_messages={"required": _("请照回执输入编号。")},
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "id-number", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("回执上的 8 个字母和数字，大写小写都行。"),
        error_messages={"required": _("请照回执输入 8 位查询码。")},
    )
