"""What the frame of every page shows: who, where, the rail with its counts, the banners."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from applications.selectors.county import county_of
from applications.selectors.inbox import PILES
from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.domain.errors import NotPermitted
from halls.models import Hall, Level
from halls.selectors.work_calendar import read_moment
from supervision.banners import banners_for, watch_of
from supervision.selectors.messages import county_roots
from supervision.selectors.orders import concerns
from supervision.selectors.waiting import menu_counts
from supervision.selectors.watch import COUNTED_TO

ELDER_COOKIE = "elder"
_WAITS_IN = {"orders": "?box=mine", "ratings": "?tab=mine"}
PARTS = (
    "county_name",
    "hall_name",
    "post_title",
    "person_name",
    "nav",
    "public_nav",
    "banners",
    "bell_url",
    "bell_count",
    "heartbeat",
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of templates/base.html; read at most once, and only by pages that print it."""
    kept: dict[str, Any] = {}

    def part(name: str) -> Any:
        if not kept:
            kept.update(_read(request))
        return kept.get(name, "")

    lazy = {name: SimpleLazyObject(partial(part, name)) for name in PARTS}
    return {**lazy, "elder": request.COOKIES.get(ELDER_COOKIE) == "1", "is_demo": settings.DEMO}


def _read(request: HttpRequest) -> dict[str, Any]:
    if not hasattr(request, "user"):  # refused before anybody was recognised: a wrong Host header
        return {"county_name": ""}
    shown: dict[str, Any] = {"banners": banners_for(request)}
    try:
        actor = acting_user(request.user)
    except NotPermitted:
        county = cache.get_or_set("the_county", _the_county, 300)
        return shown | {"county_name": county, "public_nav": _public_nav(request)}
    shown |= {"person_name": actor.name, "hall_name": actor.hall_name, "post_title": actor.post}
    if actor.hall_path:
        shown["county_name"] = county_of(actor.hall_path).name
    shown["nav"] = _rail(request, actor)
    if actor.has(Duty.SUPERVISE) or actor.has(Duty.ADMINISTER):
        shown["heartbeat"] = watch_of(request).heartbeat
    shown |= {"bell_url": reverse("messages"), "bell_count": at_most(watch_of(request).post.unread)}
    return shown


def at_most(waiting: int) -> str:
    """How many wait: nothing for none, and no more than two digits."""
    if not waiting:
        return ""
    return str(waiting) if waiting < COUNTED_TO else f"{COUNTED_TO - 1}+"


def _public_nav(request: HttpRequest) -> list[dict[str, Any]]:
    items = (
        (_("办事指南"), reverse("guide_list")),
        (_("查进度"), reverse("progress")),
        (_("好差评"), reverse("ratings_public")),
        (_("咨询投诉"), reverse("voices")),
    )
    return [{"label": label, "url": url, "current": request.path.startswith(url)} for label, url in items]


def _the_county() -> str:
    """The name of the county this site serves; "" where it serves several."""
    names = Hall.objects.filter(tier=Level.COUNTY).values_list("division__name", flat=True)[:2]
    return names[0] if len(names) == 1 else ""


def _rail(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """Only what the duties allow, and beside the words how much waits there for this person."""
    items: list[dict[str, Any]] = []
    counts: dict[str, int] = {}
    if actor.case_prefixes:
        counts = menu_counts(actor, read_moment().at)
        items.append({"label": _("首页"), "url": reverse("home")})
        if actor.files_in_a_hall:
            items.append({"label": _("新办"), "url": reverse("intake"), "count": counts.get("drafts") or None})
        items += [
            {"label": PILES[pile], "url": f"{reverse('case_list')}?pile={pile}", "count": counts.get(pile)}
            for pile in ("todo", "doing", "correcting", "late", "done")
        ]
        items.append({"label": _("查询"), "url": reverse("case_search")})
        if not actor.supervises:
            items.append({"label": _("统计"), "url": reverse("supervision_statistics")})
    items += _apart(actor, _to_sign(request, actor, counts))
    here = request.get_full_path()
    current = max((i["url"] for i in items if here.startswith(i["url"])), key=len, default=None)
    for item in items:
        item["current"] = item["url"] == current
        item["url"] += item.pop("waits_in", "")
    return items


def _to_sign(request: HttpRequest, actor: Actor, counts: dict[str, int]) -> dict[str, int]:
    """Add what waits for a second signature to the page where it is told: nothing more is read for it."""
    if not county_roots(actor):
        return counts
    page = "supervision" if actor.has(Duty.SUPERVISE) else "calendar"
    return counts | {page: counts.get(page, 0) + sum(one.number for one in watch_of(request).to_sign)}


def _apart(actor: Actor, counts: dict[str, int]) -> list[dict[str, Any]]:
    """What is not about cases of one's own: the catalogue, the watch, the administration."""
    watches, administers = actor.has(Duty.SUPERVISE), actor.has(Duty.ADMINISTER)
    doors: tuple[tuple[bool, str, str, tuple[str, ...]], ...] = (
        (bool(actor.hall_code), _("受理清单"), "hall_matters", (actor.hall_code,)),
        (bool(actor.case_prefixes), _("台账"), "ledger", ()),
        (bool(actor.case_prefixes), _("投诉和咨询"), "voice_list", ()),
        (watches, _("监察"), "supervision", ()),
        (watches, _("统计"), "supervision_statistics", ()),
        (administers and not watches, _("工作日历"), "calendar", ()),
        (concerns(actor), _("督办单"), "orders", ()),
        (watches or actor.has(Duty.ISSUE), _("好差评"), "ratings", ()),
        (bool(county_roots(actor)), _("外发消息"), "supervision_outbox", ()),
        (actor.has(Duty.EDIT_MATTERS), _("事项管理"), "matter_catalogue", ()),
    )
    items: list[dict[str, Any]] = [{"label": _("办事指南"), "url": reverse("guide_list"), "apart": True}]
    return items + [_door(label, page, args, counts.get(page, 0)) for may, label, page, args in doors if may]


def _door(label: str, page: str, args: tuple[str, ...], waiting: int) -> dict[str, Any]:
    """A page, how much waits there (nothing for none), and the part of it that lists just that."""
    door: dict[str, Any] = {"label": label, "url": reverse(page, args=args), "count": at_most(waiting)}
    if waiting:
        door["is_waiting"] = True
    return door | ({"waits_in": _WAITS_IN[page]} if waiting and page in _WAITS_IN else {})
