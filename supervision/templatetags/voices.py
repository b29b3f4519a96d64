"""What pages of lower apps show of complaints and inquiries: templates know every app, their views do not."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from halls.acting import acting_user
from halls.domain.errors import NotPermitted
from halls.domain.network import hall_path
from halls.selectors.work_calendar import read_moment
from supervision.selectors.voices import open_about_case, open_about_hall, published_answers
from supervision.views.voice_lists import voice_row
from supervision.voice_link import qr_of, speak_path

register = template.Library()


@register.inclusion_tag("supervision/voices/_open.html", takes_context=True)
def voices_about_case(context: template.Context, number: str) -> dict[str, Any]:
    """Open complaints about a case, for those who read them whole; nothing for everybody else."""
    request: HttpRequest = context["request"]
    try:
        actor = acting_user(request.user)
    except NotPermitted:
        return {}
    if not actor.supervises:
        return {}
    found = open_about_case(actor, number)
    return {"rows": _rows(found, is_shielded=False)} if found else {}


@register.inclusion_tag("supervision/voices/_open.html", takes_context=True)
def voices_about_hall(context: template.Context, code: str) -> dict[str, Any]:
    """Open ones about a hall: whole for those who handle them, shielded for those who are asked to explain."""
    request: HttpRequest = context["request"]
    try:
        actor = acting_user(request.user)
    except NotPermitted:
        return {}
    if not actor.case_prefixes:
        return {}
    found = open_about_hall(actor, hall_path(code))
    return {"rows": _rows(found.whole, is_shielded=False) + _rows(found.released, is_shielded=True)}


def _rows(found: Any, *, is_shielded: bool) -> list[dict[str, Any]]:
    if not found:
        return []
    moment = read_moment()
    return [voice_row(voice, moment, is_shielded=is_shielded) for voice in found]


@register.inclusion_tag("supervision/voices/_answers.html")
def answers_about(matter_code: str) -> dict[str, Any]:
    """Questions that villagers asked about a matter, with the answers that were made public."""
    return {"answers": published_answers(matter_code), "matter_code": matter_code}


@register.simple_tag(takes_context=True)
def speak_qr(context: template.Context, *, hall: str = "", case: str = "") -> SafeString:
    """The QR that leads to 咨询投诉 with hall or case filled in."""
    return qr_of(context["request"], speak_path(hall=hall, case=case), _("咨询投诉的二维码"))


@register.simple_tag
def speak_url(*, hall: str = "", case: str = "") -> str:
    return speak_path(hall=hall, case=case)
