"""好差评 for staff: the work list with its lights, one rating with what may be done about it, ratings told by phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.domain.numbers import parse_case_number
from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.selectors.work_calendar import Moment, read_moment
from halls.serving import served, stored
from supervision.actions._put_rating import Opinion
from supervision.actions.enter_rating import enter_rating
from supervision.actions.show_phone import Number, show_phone_to_enter, show_raters_phone
from supervision.figures import Present
from supervision.forms.ratings import EnterForm
from supervision.models import Rating, RatingScan, Term
from supervision.permissions.ratings import handles
from supervision.selectors.ratings import NEWEST, PAGE, is_watched, narrowed, visible_ratings, with_rows
from supervision.selectors.scope import WATCH
from supervision.selectors.supervised import names_of, require_duty
from supervision.views.export import Sheet, as_file, by_chunks, export_links, file_asked, post_words
from supervision.views.parts import address
from supervision.views.rating_acts import carry_out, left_to_another, offered
from supervision.views.rating_figures import chosen_of, rate_lines
from supervision.views.rating_parts import facts, history, rating_row
from supervision.views.sheets import RATINGS
from supervision.views.term_parts import shielded_term, term_context

TABS = {
    "mine": gettext_lazy("待我办理"),
    "open": gettext_lazy("待办理"),
    "bad": gettext_lazy("差评"),
    "appeals": gettext_lazy("申诉"),
    "suspicious": gettext_lazy("可疑"),
    "all": gettext_lazy("全部"),
}


def require_reader(actor: Actor) -> None:
    """Raises NotPermitted for somebody who neither watches nor hands out results."""
    if not (actor.supervises or actor.has(Duty.ISSUE) or actor.has(Duty.EXAMINE)):
        raise NotPermitted(
            "no_duty_here",
            _("好差评由监察员和办事大厅的人员查看。"),
            cure=_("如果您应当有这项职责，请联系系统管理员核对岗位和任期。"),
        )


def tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The tabs of the list; for those who watch also what is suspicious, and the call-backs."""
    items = [
        {"label": label, "url": address("ratings", tab=key), "current": key == current}
        for key, label in TABS.items()
        if key != "suspicious" or actor.supervises
    ]
    if actor.supervises:
        items.append({"label": _("代办件回访"), "url": reverse("callbacks"), "current": current == "callbacks"})
    return items


@login_required
@require_safe
def ratings(request: HttpRequest) -> HttpResponseBase:
    """The ratings in one's scope, the newest first.

    `figure` narrows them to exactly those a figure counted, `rate` with `of` (part, whole) to those of a rate;
    `format` gives the list as a file.
    """
    actor = acting_user(request.user)
    require_reader(actor)
    moment = read_moment()
    present = Present.at(moment.at)
    chosen = chosen_of(request.GET, present)
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        tab = "all" if chosen else "open"
    rows = narrowed(with_rows(chosen.among(actor) if chosen else visible_ratings(actor)), tab, actor)
    query = {"tab": tab, **(chosen.query if chosen else {})}
    lead = chosen.definition if chosen else _("原评价不改不删；差评 1 个工作日内联系，属实的 5 个工作日内整改。")
    if form := file_asked(request):
        label = chosen.label if chosen else _("好差评：%(tab)s") % {"tab": TABS[tab]}
        printed = _printed(rows, actor, moment)
        return as_file(form, Sheet(label, lead, post_words(actor), RATINGS, printed), moment.at)
    found, next_cursor = NEWEST.after(rows, request.GET.get("after", ""), PAGE)
    names = names_of({rating.held_path for rating in found if rating.held_path != rating.path})
    context = {
        "page_title": chosen.label if chosen else _("好差评"),
        "page_lead": lead,
        "tabs": tabs(actor, "" if chosen else tab),
        "rows": [rating_row(rating, actor, moment, names) for rating in found],
        "rates": rate_lines(actor, present),
        "exports": export_links("ratings", **query) if found else [],
        "next_url": address("ratings", **query, after=next_cursor) if next_cursor else "",
        "first_url": address("ratings", **query) if request.GET.get("after") else "",
        "unrated_url": address("supervision_rows", figure="ratings_unrated", scope=WATCH) if actor.supervises else "",
        "enter_url": reverse("rating_enter") if actor.supervises else "",
        "public_url": reverse("ratings_public"),
    }
    return render(request, "supervision/ratings/list.html", context)


def _printed(rows: QuerySet[Rating], actor: Actor, moment: Moment) -> Iterator[dict[str, Any]]:
    """All of them as the list prints them: what a hall is not told there it is not told in a file."""
    elsewhere = rows.exclude(held_path=F("path")).order_by().values_list("held_path", flat=True)
    names = names_of(set(elsewhere.distinct()))
    return by_chunks(NEWEST.ordered(rows), lambda chunk: [rating_row(one, actor, moment, names) for one in chunk])


@login_required
@require_http_methods(["GET", "POST"])
def rating_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One rating: what was said, its limits, what was done, and what this person may do now."""
    actor = acting_user(request.user)
    require_reader(actor)
    rating = _rating(actor, pk)
    if request.method != "POST":
        return _show(request, actor, rating)
    refused = carry_out(request, actor, rating)
    if refused is None:
        messages.success(request, _("已登记。"))
        return redirect("rating", pk=pk)
    bound, why = refused
    return _show(request, actor, _rating(actor, pk), bound=bound, status=409 if isinstance(why, Refused) else 422)


def _show(
    request: HttpRequest,
    actor: Actor,
    rating: Rating,
    *,
    bound: Any = None,
    number: Number | None = None,
    status: int = 200,
) -> HttpResponse:
    moment = read_moment()
    offers = offered(actor, rating, bound, request.POST.dict() if number is not None else {})
    term = rating.rectify_term or rating.contact_term
    context = {
        "page_title": _("%(hall)s：%(level)s") % {"hall": rating.hall.short_name, "level": rating.get_level_display()},
        "page_lead": _("原评价不改不删；办理经过只增加，不修改。"),
        "breadcrumbs": [{"label": _("好差评"), "url": reverse("ratings")}, {"label": rating.get_level_display()}],
        "rating": rating,
        "state": rating.get_state_display(),
        "facts": facts(rating, actor),
        "term": _term(actor, rating, term, moment) if term is not None else None,
        "history": history(rating, actor),
        "offers": offers,
        "left_to_another": left_to_another(actor, rating),
        "form": bound,
        "number": number,
        "phone_url": reverse("rating_phone", args=[rating.pk])
        if rating.is_bad and handles(actor, rating.path) and rating.state not in ("closed", "excluded")
        else "",
    }
    calls = [offer["key"] for offer in offers if offer["key"] in ("contact", "revisit")]
    context["phone_form"] = f"offer-{calls[0]}" if calls else ""  # what is typed there comes along
    response = render(request, "supervision/ratings/rating.html", context, status=status)
    if number is not None:
        response["Cache-Control"] = "private, no-store"
    return response


def _term(actor: Actor, rating: Rating, term: Term, moment: Moment) -> dict[str, Any]:
    """The limit; a hall reads its day, and not why whoever is above gave more."""
    return term_context(term, moment) if handles(actor, rating.path) else shielded_term(term, moment)


def _rating(actor: Actor, pk: int) -> Rating:
    rows = with_rows(visible_ratings(actor)).prefetch_related("acts__user", "acts__text")
    rating = rows.filter(pk=pk).first()
    if rating is None:
        raise NotFound(_("没有找到这条评价，或者它不在您的范围内。"))
    return rating


@login_required
@require_POST
def rating_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom to call; that it was looked at is written down."""
    actor = acting_user(request.user)
    require_reader(actor)
    number = show_raters_phone(pk, actor=actor)
    return _show(request, actor, _rating(actor, pk), number=number)


@login_required
@require_http_methods(["GET", "POST"])
def rating_enter(request: HttpRequest) -> HttpResponse:
    """Write down what was said by telephone or on paper."""
    actor = acting_user(request.user)
    require_duty(actor)
    number, status = None, 422
    looks = request.method == "POST" and "look" in request.POST
    is_sent = request.method == "POST" and not looks
    sent, sent_files = (request.POST, request.FILES) if is_sent else (None, None)
    form = EnterForm(sent, sent_files, initial=_typed(request))
    if looks:
        try:
            number = show_phone_to_enter(parse_case_number(request.POST.get("number", "")), actor=actor)
        except (Invalid, NotFound, NotPermitted, Refused) as refusal:
            form = EnterForm(request.POST)  # what was typed stays
            form.explain_number(refusal)
            status = 409 if isinstance(refusal, Refused) else 422
    elif request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            opinion = Opinion(level=said["level"], channel=said["channel"], text=said["text"])
            rating = enter_rating(parse_case_number(said["number"]), opinion, actor=actor, scan=form.scanned())
        except (NotFound, NotPermitted) as refusal:  # of the case that was typed
            form.explain_number(refusal)
        except (Invalid, Refused) as refusal:
            form.explain(refusal)
            status = 409 if isinstance(refusal, Refused) else 422
        else:
            messages.success(request, _("已登记。"))
            return redirect("rating", pk=rating.pk)
    context = {
        "number": number,
        "page_title": _("登记电话、书面评价"),
        "page_lead": _("照群众的原话登记，由没有经办过这一件的上级登记；登记后不改不删。"),
        "breadcrumbs": [{"label": _("好差评"), "url": reverse("ratings")}, {"label": _("登记")}],
        "form": form,
    }
    response = render(request, "supervision/ratings/enter.html", context, status=status if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _typed(request: HttpRequest) -> dict[str, str]:
    """What stays in the form while somebody looks at the telephone."""
    return {name: request.POST[name] for name in ("number", "channel", "level", "text") if name in request.POST}


@login_required
@require_safe
def rating_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper on which it came, for those who watch from above: its hand tells who wrote it."""
    actor = acting_user(request.user)
    require_reader(actor)
    rating = _rating(actor, pk)
    scan = RatingScan.objects.filter(rating=rating).first()
    if scan is None or not is_watched(actor, rating):
        raise NotFound(_("没有找到这份原件，或者它不在您的范围内。"))
    return served(stored(scan.sha256), scan.media_type, scan.name)
