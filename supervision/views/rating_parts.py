"""What the pages of ratings print, ready made; a hall is never told which case it was, so that nobody is asked why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.selectors.rating_tickets import drawings
from halls.acting import Actor
from halls.selectors.work_calendar import Moment
from supervision.domain.ratings import CHANNELS, DETAILS, TEXTED, Act, Channel, State
from supervision.models import Rating, RatingAct, Term
from supervision.permissions.ratings import handles
from supervision.selectors.ratings import is_watched
from supervision.selectors.supervised import names_of
from supervision.views.term_parts import term_light
from supervision.views.text_parts import evidence

DAY, HOUR = "%Y-%m-%d", "%Y-%m-%d %H:%M"
STATE_KINDS = {State.PLAIN: "good", State.CLOSED: "good", State.EXCLUDED: "ended"}


def rating_row(rating: Rating, actor: Actor, moment: Moment, names: Mapping[str, str]) -> dict[str, Any]:
    """A row of the work list: its light is that of the limit that runs, or ran last; `names`: of responsible bodies."""
    term = rating.rectify_term or rating.contact_term
    watched = is_watched(actor, rating)
    return {
        "url": reverse("rating", args=[rating.pk]),
        "level": rating.get_level_display(),
        "is_bad": rating.is_bad,
        "said": said(rating),
        "hall": rating.hall.short_name,
        "held": names.get(rating.held_path, "") if rating.held_path != rating.path else "",
        "rated_at": timezone.localtime(rating.rated_at),
        "channel": CHANNELS[Channel(rating.channel)] if watched else "",
        "by_day": not watched,
        "state": rating.get_state_display(),
        "state_kind": STATE_KINDS.get(rating.stands, "active"),
        "validity": rating.get_validity_display() if rating.validity else "",
        "light": term_light(term, moment) if term is not None else None,
        "due": _due(term),
        "matter": rating.application.matter.name if watched else "",
    }


def _due(term: Term | None) -> Any:
    return timezone.localtime(term.due_at) if term is not None and term.state == Term.State.RUNNING else None


def said(rating: Rating) -> str:
    """The detail codes in words, and the text."""
    words = [DETAILS[rating.level].get(code, code) for code in rating.details]
    return "；".join([*words, rating.text] if rating.text else words)


def facts(rating: Rating, actor: Actor) -> list[dict[str, Any]]:
    """What the page tells about a rating: case, name, hour and way only to those who watch from above; a hall that is
    told them, at whatever time, finds the villager.
    """
    watched = is_watched(actor, rating)
    rows: list[dict[str, Any]] = [
        {"term": _("满意程度"), "text": rating.get_level_display()},
        {"term": _("评价内容"), "text": said(rating), "wide": True},
        {"term": _("被评价的大厅"), "text": rating.hall.name},
        {"term": _("评价时间"), "text": f"{timezone.localtime(rating.rated_at):{HOUR if watched else DAY}}"},
        {"term": _("有效性"), "text": rating.get_validity_display()},
    ]
    if rating.is_bad:
        rows.append({"term": _("责任单位"), "text": _held(rating), "wide": True})
    rows += _case_facts(rating) if watched else [{"term": _("评价人"), "text": _("不告知被评价的单位")}]
    if handles(actor, rating.path):
        rows.append({"term": _("评价码"), "text": _printed(rating), "wide": True})
    return rows


def _case_facts(rating: Rating) -> list[dict[str, Any]]:
    case = rating.application
    here = reverse("case", args=[case.number])
    rows: list[dict[str, Any]] = [
        {"term": _("评价渠道"), "text": CHANNELS[Channel(rating.channel)]},
        {"term": _("办件"), "text": case.display_number, "url": here},
        {"term": _("事项"), "text": case.matter.name},
        {"term": _("评价人"), "text": case.applicant.masked_name if case.applicant else ""},
    ]
    if rating.is_bad:
        rows.append({"term": _("时间"), "text": _("看各环节用了多少天"), "url": f"{here}?tab=limits"})
    if rating.channel == Channel.POST:
        rows.append({"term": _("书面评价的原件"), "text": _("查看"), "url": reverse("rating_scan", args=[rating.pk])})
    if rating.earlier:
        words = _("同一设备一天内或同一网络一小时内，此前已有 %(n)d 条评价") % {"n": rating.earlier}
        rows.append({"term": _("来源提示"), "text": words, "wide": True})
    return rows


def _held(rating: Rating) -> str:
    """Against whom it counts now, and why: the same words for both bodies."""
    if rating.state == State.EXPLAINING:
        return _("%(hall)s（另一个人确认没有依据前照旧计入）") % {"hall": rating.hall.name}
    if rating.validity in (Rating.Validity.INVALID, Rating.Validity.EXCLUDED):
        return _("不计在任何单位（%(validity)s）") % {"validity": rating.get_validity_display()}
    if rating.rectify_term_id is None:
        return _("%(hall)s（核实前先计在收件的大厅）") % {"hall": rating.hall.name}
    name = names_of((rating.held_path,)).get(rating.held_path, "")
    why = next((row.held_why for row in rating.acts.all() if row.act == Act.VALID), "")
    return _("%(name)s（%(why)s）") % {"name": name, "why": why} if why else name


def _printed(rating: Rating) -> str:
    """Who printed the code, and how often: whoever prints it again has the old one voided, and a reason to give."""
    drawn = drawings(rating.application_id)
    if not drawn:
        return _("没有打印过")
    last = drawn[-1]
    return _("打印 %(n)d 次，最后一次 %(at)s 由%(who)s打印") % {
        "n": len(drawn),
        "at": f"{timezone.localtime(last.drawn_at):%Y-%m-%d %H:%M}",
        "who": last.user.full_name,
    }


# What whoever is above wrote for themselves after talking to the villager: no hall reads who it was from it.
_NOTES = frozenset({Act.ATTEMPT, Act.CONTACT, Act.VALID, Act.INVALID, Act.EXTEND, Act.ANSWER, Act.EXPLAIN, Act.REVISIT})


def history(rating: Rating, actor: Actor) -> list[dict[str, Any]]:
    """What was done, in order; `acts__user` and `acts__text` are prefetched. A hall reads its tasks, not the notes."""
    applicant = rating.application.applicant
    has_phone, watched = bool(applicant and applicant.phone_masked), is_watched(actor, rating)
    is_above = handles(actor, rating.path)
    return [
        {
            "at": timezone.localtime(row.at),
            "act": row.get_act_display(),
            "who": row.user.full_name,
            "words": _to_those_above(row) if is_above or row.act not in _NOTES else _to_hall(row),
            "note": _revisit(row) if row.act == Act.REVISIT else "",
            "held": _("责任单位：%(held)s") % {"held": _held(rating)} if row.act == Act.VALID else "",
            "told": evidence(getattr(row, "text", None), has_phone=has_phone) if watched and row.act in TEXTED else "",
        }
        for row in rating.acts.all()
    ]


def _to_those_above(row: RatingAct) -> str:
    """The note; of what has no ground also the reason as it will be public, for whoever confirms it."""
    if row.act != Act.INVALID or not row.demand:
        return row.reason
    return _("%(note)s（公开的理由：%(public)s）") % {"note": row.reason, "public": row.demand}


def _to_hall(row: RatingAct) -> str:
    if row.act == Act.INVALID and row.demand:
        return row.demand
    if row.act != Act.VALID:
        return _("办理记录只给上一级看")
    return row.demand or _("核实属实，请整改并登记。")


def _revisit(row: RatingAct) -> str:
    return _("满意") if row.is_content else _("仍不满意")
