"""The papers of a complaint in 公文 manner, from the acts that issued them, and the receipt."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.domain.numbers import grouped
from applications.sealing import query_code
from applications.selectors.county import county_of
from supervision.domain.voices import (
    GROUND_BASIS,
    GROUND_LABELS,
    KIND_LABELS,
    LIMIT_BASIS,
    PAPERS,
    RESULT_LABELS,
    Ground,
    Keeper,
    Kind,
    Result,
    VoiceVerb,
)
from supervision.models import Voice, VoiceAct
from supervision.selectors.voices import seat_words


def paper_of(voice: Voice, act: VoiceAct, qr_svg: str, *, name: str = "") -> dict[str, Any]:
    """The dict that components/official_paper.html prints.

    `name`: of whoever complained, opened on record by whoever handles it, for the letter that is sent or handed over;
    everywhere else the paper has the masked one.
    """
    verb = VoiceVerb(act.verb)
    provisional = act.more.endswith("~")
    paper: dict[str, Any] = {
        "organ": act.place,  # of whoever decided
        "title": PAPERS[verb][0],
        "number": act.paper,
        "to": f"{name or voice.name_masked or _('投诉人')}：",
        "facts": [
            {"term": _("投诉编号"), "text": voice.display_number},
            {"term": _("提出日期"), "text": _day(timezone.localdate(voice.lodged_at))},
            {"term": _("被反映单位"), "text": voice.about_name},
        ],
        "sign_organ": act.place,
        "sign_date": timezone.localtime(act.at).date(),
        "qr_svg": qr_svg,
        "qr_note": _("扫码查处理结果") if qr_svg else "",
        "sample": _("示例数据") if settings.DEMO else "",
        "compact": True,
    }
    paper["paragraphs"], paper["after"] = _LAYOUTS[verb](voice, act)
    if qr_svg and voice.name_masked:
        paper["after"].append(_("网上查看的这一份不写全名，以免旁人看到；需要写全名的纸质件，请向办理单位索取。"))
    if verb in (VoiceVerb.ACCEPT, VoiceVerb.EXTEND):
        last = _day(date.fromisoformat(act.more.rstrip("~")))
        paper["facts"].append({"term": _("办结期限"), "text": f"最晚 {last}（含当日）", "provisional": provisional})
    return paper


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _accept(voice: Voice, act: VoiceAct) -> tuple[list[str], list[str]]:
    return (
        [f"您{day_words(voice)}提出的{KIND_LABELS[Kind(voice.kind)]}收悉。经审查，属于受理范围，决定予以受理。"],
        [
            f"办理期限依据{LIMIT_BASIS}，自提出之日的次日起算；情况复杂需要延长的，将在期满前告知您期限和理由。",
            f"投诉由{_handled_by(voice)}办理，被投诉单位和被投诉人不参与办理，看不到您的姓名、电话、投诉编号和原话。"
            "需要被投诉单位说明情况的，只转给它一段由办理人写的摘要；事情本身有可能让对方猜到是您。",
        ],
    )


def _handled_by(voice: Voice) -> str:
    """Above the county's own centre there is nobody in the system, and where somebody has to stand aside it is not
    whoever is above: then whoever does is named.
    """
    if voice.keeper == Keeper.SUPERVISOR and voice.about_path != voice.seat_path:
        return "被投诉单位的上一级"
    return seat_words(voice)


def _refuse(voice: Voice, act: VoiceAct) -> tuple[list[str], list[str]]:
    label = GROUND_LABELS[Ground(act.ground)]
    after = [f"您可以通过以下途径解决：{act.more}"] if act.more else ["补充证据材料后，可以重新提出。"]
    return (
        [
            f"您{day_words(voice)}提出的{KIND_LABELS[Kind(voice.kind)]}收悉。经审查，{label}。依据{GROUND_BASIS}，决定不予受理。",
            f"理由：{act.words}",
        ],
        [*after, "对本决定有异议的，可以向上一级政务服务管理机构反映，或者拨打 12345。"],
    )


def _extend(voice: Voice, act: VoiceAct) -> tuple[list[str], list[str]]:
    return (
        [
            f"您{day_words(voice)}提出的{KIND_LABELS[Kind(voice.kind)]}情况复杂，需要进一步调查。依据{LIMIT_BASIS}，"
            f"办理时间延长 {act.ground} 个工作日，合计不超过 15 个工作日。",
            f"延长的理由：{act.words}",
        ],
        [],
    )


def _answer(voice: Voice, act: VoiceAct) -> tuple[list[str], list[str]]:
    return (
        [
            f"您{day_words(voice)}提出的{KIND_LABELS[Kind(voice.kind)]}已经办结。经调查核实，所反映的情况"
            f"{RESULT_LABELS[Result(act.ground)]}。",
            act.words,
        ],
        ["对处理结果有异议的，可以向上一级政务服务管理机构反映，或者拨打 12345。"],
    )


def day_words(voice: Voice) -> str:
    return _day(timezone.localdate(voice.lodged_at))


_LAYOUTS = {
    VoiceVerb.ACCEPT: _accept,
    VoiceVerb.REFUSE: _refuse,
    VoiceVerb.EXTEND: _extend,
    VoiceVerb.ANSWER: _answer,
}


def receipt_of(voice: Voice, qr_svg: str, due_words: str, *, slip: bool) -> dict[str, Any]:
    """What whoever spoke takes home: number, code and date, and not a word of what was said."""
    kind = KIND_LABELS[Kind(voice.kind)]
    facts = [
        (_("编号"), voice.display_number),
        (_("查询码"), grouped(query_code(voice.number))),
        (_("关于"), voice.about_name),
        (_("提出"), f"{timezone.localtime(voice.lodged_at):%Y年%-m月%-d日 %H:%M}"),
        (_("期限"), due_words),
        (_("怎样查"), _("扫码，或在网上「查处理结果」输入编号和查询码；没有留电话的只能这样查，请收好。")),
    ]
    return {
        "organ": f"{county_of(voice.about_path).name}政务服务",
        "title": _("%(kind)s回执") % {"kind": kind},
        "number": "" if slip else voice.number,
        "facts": [{"term": term, "text": text} for term, text in facts],
        "sign_organ": "",
        "qr_svg": qr_svg,
        "qr_note": _("扫码查处理结果"),
        "no_seal": True,
        "compact": True,
        "sample": _("示例数据") if settings.DEMO else "",
    }
