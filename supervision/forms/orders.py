"""What is filled in to issue a supervision order, to reply to it, to act on it, and to urge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.forms import SeveralFiles, SeveralFilesInput, SpokenForm, read_whole
from supervision.actions.answer_urge import LONGEST_ANSWER
from supervision.actions.issue_order import LONGEST, Wanted
from supervision.actions.reply_order import MOST_FILES
from supervision.actions.urge import LONGEST_REASON
from supervision.domain.orders import LONGEST_WHY_LATE, REPLY_DAYS, Act
from supervision.forms.organs import FIND, OrganField
from supervision.selectors.order_subjects import Subject
from supervision.selectors.orders import Organ

LONGEST_FIND = 40
ACCEPTED = "image/jpeg,image/png,application/pdf,.docx,.xlsx"


class OrderForm(SpokenForm):
    """Facts, what is asked and on what basis; organ and subject where it is about no case."""

    organ = OrganField(label=_("承办单位"))
    title = forms.CharField(
        label=_("事由"),
        max_length=LONGEST["title"],
        help_text=_("一句话，如「窗口上午无人值守」。提醒里会写出来：不写人名、住址和号码。"),
    )
    facts = forms.CharField(
        label=_("事实"),
        max_length=LONGEST["facts"],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("什么时候、哪一件、发生了什么，怎么发现的。"),
    )
    demand = forms.CharField(
        label=_("要求"),
        max_length=LONGEST["demand"],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("要承办单位做什么、回复什么、附什么材料。"),
    )
    basis = forms.CharField(
        label=_("依据"),
        max_length=LONGEST["basis"],
        help_text=_("本县或上级的文件名称、文号和条款，如本县的督办办法第几条。"),
    )

    def __init__(self, *args: Any, organs: Sequence[Organ] = (), subject: Subject | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if subject is not None:  # a case is ordered from whoever holds it
            del self.fields["organ"], self.fields["title"]
            return
        said = self.data if self.is_bound else self.initial
        field = self.fields["organ"]
        assert isinstance(field, OrganField)
        field.list_found(organs, str(said.get(FIND, ""))[:LONGEST_FIND], str(said.get("organ", "")))

    def wanted(self, case: str, card: int | None) -> Wanted:
        """Return what was filled in, once the form is valid."""
        return Wanted(case=case, card=card, **{name: str(value) for name, value in self.cleaned_data.items()})


class ReplyForm(SpokenForm):
    """What was done, and the papers that show it."""

    words = forms.CharField(
        label=_("办理情况"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("查明的原因、已经做到的、责任怎样落实；没有做到的，写明什么时候做到。"),
    )
    papers = SeveralFiles(
        label=_("附件"),
        required=False,
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
        help_text=_("照片、PDF、Word 或 Excel，最多 10 个，每个不超过 10 MB。"),
        most=MOST_FILES,
        too_many=_("一次最多附 %(n)d 个文件，请合并成一个 PDF。"),
    )

    def chosen(self) -> list[tuple[str, bytes]]:
        return read_whole(self.cleaned_data["papers"])


WORDS_OF_ACT: dict[Act, tuple[Any, Any]] = {
    Act.ACCEPT: (_("核验意见"), _("核对了什么，怎样确认已经整改。")),
    Act.SEND_BACK: (_("还缺什么"), _("逐条写清还要做什么、补什么；只能退回一次。")),
    Act.GIVE_UP: (_("未整改的情况"), _("哪些没有做到，为什么按未整改登记。")),
    Act.EXTEND: (_("延期理由"), _("为什么五个工作日不够。")),
    Act.WITHDRAW: (_("撤回理由"), _("为什么不再要求回复。")),
}


class ActForm(SpokenForm):
    """One act of the issuer's office: its words, and the days of an extension."""

    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1, max_value=REPLY_DAYS, initial=3)
    words = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    why_late = forms.CharField(
        label=_("办件还没有办结、已经超期，为什么仍按已整改了结"),
        max_length=LONGEST_WHY_LATE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("和办件当时的灯一起记入办理记录。没有整改到位的，请返回，退回重办或按未整改办结。"),
    )

    def __init__(self, *args: Any, act: Act, is_late: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label, self.fields["words"].help_text = WORDS_OF_ACT[act]
        if act is not Act.ACCEPT or not is_late:
            del self.fields["why_late"]
        if act is not Act.EXTEND:
            del self.fields["days"]


class UrgeForm(SpokenForm):
    reason = forms.CharField(
        label=_("催办理由"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("承办人、B角和首席代表会收到这段话；不写申请人的姓名、住址和号码。"),
    )


class AnswerForm(SpokenForm):
    words = forms.CharField(
        label=_("一句话答复"), max_length=LONGEST_ANSWER, help_text=_("现在卡在哪里，什么时候能办完。")
    )
