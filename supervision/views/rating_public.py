"""好差评 for everybody: rate with the token of the paper, and read how the halls are rated."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions.look_up import anonymous, count_wrong_of_pair
from applications.domain.numbers import normalise_code, parse_case_number
from applications.rating_link import rating_path
from applications.sealing import blind_index
from applications.selectors.rating_tickets import is_ticket
from halls.acting import Actor, acting_user
from halls.device import worked_here_lately
from halls.domain.errors import Invalid, NotFound
from halls.models import Department, Hall, Level
from halls.selectors.work_calendar import read_moment
from supervision.actions._put_rating import AlreadyRated, Opinion
from supervision.actions.rate import rate, require_villager
from supervision.domain.ratings import LEVELS, OWN_CHANNELS, Act, Channel, is_open
from supervision.forms.ratings import OpinionForm, TicketForm
from supervision.selectors.ratings import (
    NEWEST,
    PAGE,
    case_to_rate,
    left_out_below,
    levels_below,
    levels_by_township,
    published,
)
from supervision.selectors.supervised import names_of
from supervision.views.statistics import share


@require_http_methods(["GET", "POST"])
def rate_start(request: HttpRequest) -> HttpResponse:
    """Number and code of the last paper, typed at home, or on the tablet of a hall, whose link ends in `?via=tablet`;
    wrong ones are counted like those of cases.
    """
    require_villager(_staff(request), worked_here=worked_here_lately(request))
    via = _channel(request, Channel.WEB)
    form = TicketForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            number = parse_case_number(form.cleaned_data["number"])
        except Invalid as refusal:
            form.add_error("number", f"{refusal.message}{refusal.cure}")
        else:
            code = normalise_code(form.cleaned_data["code"])
            if is_ticket(number, code):
                return redirect(f"{rating_path(number, code)}?via={via}")
            count_wrong_of_pair(number, anonymous(_address(request)))
            form.add_error(None, _("编号和评价码对不上。请照办结时交给您的那张纸核对；重新打印过的，以最后一张为准。"))
    context = {"page_title": _("评价服务"), "form": form}
    return _private(render(request, "supervision/ratings/start.html", context, status=422 if form.errors else 200))


@require_http_methods(["GET", "POST"])
def rate_page(request: HttpRequest, ticket: str) -> HttpResponse:
    """First the level, then with what; whoever works here is turned away. What was said is shown to nobody, and not
    whether anything was: only the first of one case is kept.
    """
    staff = _staff(request)
    require_villager(staff, worked_here=worked_here_lately(request))
    number, _dot, token = ticket.partition(".")
    case = case_to_rate(number) if is_ticket(number, token) else None
    if case is None or case.ended_at is None:
        refusal = NotFound(_("没有找到要评价的事，或者它还没有办结。"))
        refusal.cure = _("请扫办结时交给您的那张纸上的评价二维码；重新打印过的，以最后一张为准。")
        raise refusal
    via = _channel(request, Channel.QR)
    context: dict[str, Any] = {
        "page_title": _("评价服务"),
        "matter": case.matter.name,
        "hall": case.hall.name,
        "here": f"{reverse('rate', args=[ticket])}?via={via}",
        "halls_url": reverse("ratings_public"),
    }
    # Whether it was rated is shown to nobody, so that nobody asks whoever did.
    if request.GET.get("done") == "1" or not is_open(case.ended_at, read_moment().at):
        context["is_over"] = not is_open(case.ended_at, read_moment().at)
        return _private(render(request, "supervision/ratings/rated.html", context))
    level = _level(request)
    if level is None:
        context["levels"] = [{"level": level, "label": label} for level, label in LEVELS.items()]
        return _private(render(request, "supervision/ratings/levels.html", context))
    form = OpinionForm(request.POST if request.method == "POST" else None, level=level)
    if request.method == "POST":
        form.is_valid()  # a list of unknown codes is told with its field
        if not form.errors:
            try:
                with suppress(AlreadyRated):
                    rate(number, token, _opinion(request, form, level, via), actor=staff)
                return redirect(f"{reverse('rate', args=[ticket])}?done=1")
            except Invalid as refusal:
                form.explain(refusal)
    context |= {"form": form, "level": level, "label": LEVELS[level]}
    return _private(render(request, "supervision/ratings/opinion.html", context, status=422 if form.errors else 200))


def _opinion(request: HttpRequest, form: OpinionForm, level: int, via: str) -> Opinion:
    address = _address(request)
    browser = request.headers.get("User-Agent", "")[:300]
    return Opinion(
        level=level,
        channel=via,
        details=tuple(form.cleaned_data["details"]),
        text=form.cleaned_data["text"],
        client=anonymous(address),
        device=blind_index(f"device|{address}|{browser}"),
    )


def _staff(request: HttpRequest) -> Actor | None:
    return acting_user(request.user) if request.user.is_authenticated else None


def _channel(request: HttpRequest, usual: Channel) -> str:
    asked = request.GET.get("via", "")
    return asked if asked in OWN_CHANNELS else usual.value


def _level(request: HttpRequest) -> int | None:
    asked = (request.POST if request.method == "POST" else request.GET).get("level", "")
    return int(asked) if asked in map(str, LEVELS) else None


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


# --- what everybody may read -----------------------------------------------------------------------------------------


@require_safe
def ratings_public(request: HttpRequest) -> HttpResponse:
    """How the county's hall and the townships with their villages were rated within a year."""
    every = levels_by_township(read_moment().at)
    rows = [
        _counts(hall, counts) | {"url": reverse("ratings_hall", args=[hall.code]) if isinstance(hall, Hall) else ""}
        for hall, counts in every
        if counts
    ]
    context = {
        "page_title": _("好差评"),
        "rows": rows,
        "silent": len(every) - len(rows),
        "labels": list(LEVELS.values()),
        "rate_url": reverse("rate_start"),
    }
    return render(request, "supervision/ratings/public.html", context)


@require_safe
def ratings_hall(request: HttpRequest, code: str) -> HttpResponse:
    """One hall with the villages below it: counts by level, and what was done about bad ratings."""
    hall = Hall.objects.filter(code=code, retired_on__isnull=True).first()
    if hall is None:
        raise NotFound(_("没有这个大厅。"))
    now = read_moment().at
    found, next_cursor = NEWEST.after(published(hall), request.GET.get("after", ""), PAGE)
    names = names_of({rating.held_path for rating in found if rating.held_path != rating.path})
    context = {
        "page_title": _("%(hall)s的好差评") % {"hall": hall.short_name},
        "rows": _rows_of(hall, levels_below(hall, now)),
        "labels": list(LEVELS.values()),
        "left_out": left_out_below(hall, now),
        "published": [_published(rating, names) for rating in found],
        "next_url": f"{reverse('ratings_hall', args=[code])}?after={next_cursor}" if next_cursor else "",
        "is_village": hall.tier == Level.VILLAGE,
    }
    return render(request, "supervision/ratings/public_hall.html", context)


def _rows_of(hall: Hall, found: list[tuple[Hall | Department, dict[int, int]]]) -> list[dict[str, Any]]:
    """Of a township first all of it, as the page of the county counts it; then the hall by itself, so named, and each
    below it.
    """
    rows = [_counts(one, counts) for one, counts in found]
    if hall.tier != Level.TOWNSHIP:
        return rows
    whole = {level: sum(counts.get(level, 0) for _one, counts in found) for level in LEVELS}
    for row, (one, _found) in zip(rows, found, strict=True):
        if one.pk == hall.pk and isinstance(one, Hall):
            row["hall"] = _("%(hall)s（本级）") % {"hall": hall.short_name}
    return [_counts(hall, whole) | {"hall": _("%(hall)s（含所辖村、社区）") % {"hall": hall.short_name}}, *rows]


def _counts(hall: Hall | Department, counts: dict[int, int]) -> dict[str, Any]:
    total = sum(counts.values())
    content = sum(number for level, number in counts.items() if level >= 3)
    has_share = total and isinstance(hall, Hall)  # a department is rated by nobody: it answers for bad ones alone
    return {
        "hall": hall.short_name if isinstance(hall, Hall) else hall.name,
        "levels": [counts.get(level, 0) for level in LEVELS],
        "total": total,
        "share": share(content, total) if has_share else "",
    }


def _published(rating: Any, names: dict[str, str]) -> dict[str, Any]:
    acts = {row.act: row for row in rating.acts.all()}
    revisit = acts.get(Act.REVISIT)
    return {
        "day": timezone.localtime(rating.rated_at),
        "hall": rating.hall.short_name,
        "held": names.get(rating.held_path, ""),
        "level": rating.get_level_display(),
        "account": acts[Act.PUBLISH].reason if Act.PUBLISH in acts else "",
        "revisit": "" if revisit is None else (_("回访满意") if revisit.is_content else _("回访仍不满意")),
        "is_excluded": rating.validity == "excluded",
        "is_groundless": rating.validity == "invalid",
        "why": _why_left_out(acts),
    }


def _why_left_out(acts: dict[str, Any]) -> str:
    """The reason of the appeal's decision, or why there was no ground: both are written for everybody."""
    if Act.EXCLUDE in acts:
        return str(acts[Act.EXCLUDE].reason)
    return str(acts[Act.INVALID].demand) if Act.INVALID in acts else ""
