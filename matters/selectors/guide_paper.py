"""A guide as it stands on paper: the one-page form, the booklet, the board of eight things made public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from halls.models import Level
from matters.selectors import guide_text
from matters.selectors.guide import Figure, Guide, GuideMaterial
from matters.selectors.local import Here


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of a paper under a heading: numbered, or with a box to tick."""

    title: str
    items: tuple[str, ...]
    numbered: bool


def sample_mark(guide: Guide) -> str:
    """Return the mark for a paper that holds figures nobody in the county has checked."""
    marked = guide.promise.is_sample or guide.statute.is_sample or guide.composed or not guide.sources
    return _("含示例数据，以窗口答复为准") if marked else ""


def answers(guide: Guide) -> list[tuple[str, str]]:
    """Return the answers that stand first: who, where, how long, how much, what comes out."""
    here = guide.here
    found = [
        (_("能不能办"), _state(guide)),
        (_("去哪儿"), "\n".join(_where(guide))),
        (_("多久"), "；".join(filter(None, (figure(guide), guide.uncounted)))),
        (_("法定时限"), guide.statute.text + _sample(guide.statute)),
        (_("多少钱"), guide.fee + (_("（依据：%(basis)s）") % {"basis": guide.fee_basis} if guide.fee_basis else "")),
        (_("办理结果"), guide.result),
        (_("到场次数"), _visits(guide)),
        (_("办理时间"), (here.hours if here else "") or guide.more.hours),
        (_("咨询方式"), (here.phone if here else "") or guide.more.consult),
        (_("监督投诉"), guide.more.complaint),
        (_("未公布"), "、".join(guide.more.unstated)),
    ]
    return [(term, text) for term, text in found if text]


def figure(guide: Guide) -> str:
    """Return the promise, by how much it is shorter than the statute, and the mark of a composed figure."""
    if guide.own is not None:
        percent = _("，压缩 %(n)d%%") % {"n": guide.own.compression} if guide.own.compression else ""
        return guide_text.own_promise(guide.own.days, guide.own.published) + percent
    shorter = f"，{guide.more.compression}" if guide.more.compression else ""
    return guide.promise.text + _sample(guide.promise) + shorter


def sections(guide: Guide) -> list[Section]:
    """Return what a booklet prints below the answers."""
    found = [
        Section(_("材料清单"), tuple(material_line(material) for material in guide.materials), numbered=False),
        Section(_("受理条件"), guide.conditions, numbered=True),
        Section(_("怎么走"), tuple(step_lines(guide)), numbered=True),
        Section(_("依据"), guide.legal_bases, numbered=True),
        Section(_("不服怎么办"), _remedies(guide), numbered=True),
    ]
    return [section for section in found if section.items]


def material_line(material: GuideMaterial) -> str:
    need = material.necessity_label + (f"：{material.necessity_note}" if material.necessity_note else "")
    shared = _("；共享查到的不用提交") if material.is_shareable else ""
    return f"{material.name}（{need}；{material.copies}{shared}）"


def step_lines(guide: Guide) -> list[str]:
    return [
        f"{step.name}：{step.organ}，{step.time}" + ("" if step.counts else _("，不计入承诺时限"))
        for step in guide.steps
    ]


def standards(guide: Guide) -> list[str]:
    """Return the standards by which a case is taken in and judged (办理标准); conditions are the least of them."""
    found = [*guide.conditions]
    found += [f"{material.name}：{material.standard}" for material in guide.materials if material.standard]
    found += [f"{step.name}：{step.standard}" for step in guide.steps if step.standard]
    return found or [_("未公布")]


def window_power(guide: Guide, tier: str) -> str:
    """Return what the windows of a hall of this tier may do with the matter (窗口权限)."""
    if tier == Level.VILLAGE:
        return _("%(role)s：收件、核对、送件，不作决定") % {"role": guide.village_role}
    here = [step for step in guide.steps if step.level == tier]
    if guide.decision_level == tier:
        return _("受理并决定") if guide.handling == "promised" else _("受理并当场决定")
    if any(step.kind == "accept" for step in here):
        return _("受理，报%(level)s决定") % {"level": guide.decision_label}
    return _("收件，转%(level)s办理") % {"level": guide.decision_label}


def _state(guide: Guide) -> str:
    if guide.abolished_on:
        return _("已取消，不再办理")
    if guide.here is not None and guide.here.paused_on:
        return paused_here(guide.here)
    if guide.paused_on:
        return paused_everywhere(guide.paused_on, guide.closing_reason)
    return _("%(who)s可以办") % {"who": guide.service_objects}


def _where(guide: Guide) -> list[str]:
    """Return where it is taken in; the place and the window that the hall names itself come first."""
    here = guide.here
    own = [_("本厅：%(where)s") % {"where": here.where}] if here is not None and here.where else []
    return [*own, *guide.places]


def paused_everywhere(since: date, reason: str) -> str:
    """Return 全县自 … 起暂停办理, and what the person who paused it told people."""
    words = {"day": f"{since:%Y年%-m月%-d日}", "reason": reason}
    return _("暂停：全县自 %(day)s 起暂停办理。%(reason)s") % words


def paused_here(here: Here) -> str:
    """Return 本厅自 … 起暂停办理, why, and where to go instead."""
    assert here.paused_on is not None
    said = _("暂停：本厅自 %(day)s 起暂停办理。%(reason)s") % {
        "day": f"{here.paused_on:%Y年%-m月%-d日}",
        "reason": here.paused_reason,
    }
    return said + (_("（这期间可以到%(hall)s办）") % {"hall": here.instead} if here.instead else "")


def _visits(guide: Guide) -> str:
    if guide.onsite_visits is None:
        return ""
    return _("最多到场 %(n)d 次") % {"n": guide.onsite_visits} if guide.onsite_visits else _("不用到场")


def _remedies(guide: Guide) -> tuple[str, ...]:
    return (guide.more.remedies + marked(shown=guide.more.remedies_are_sample),) if guide.more.remedies else ()


def _sample(figure: Figure) -> str:
    return marked(shown=figure.is_sample)


def marked(*, shown: bool) -> str:
    """Return the mark as paper and plain text carry it."""
    return _("（示例数据）") if shown else ""
