"""Weekly statistics and monthly bulletins: who sees which."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.selectors.county import county_of
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.worktime import day_of
from halls.models import Department, Hall, Level
from halls.permissions import may_sign
from halls.scopes import staff_at
from supervision.domain.periods import Period, PeriodKind, period_of
from supervision.domain.statistics import Exclusion
from supervision.models import Bulletin
from supervision.selectors.exclusions import exclusions_on

OFFERED: Final = 4  # earlier periods of each kind that the page names
LOOKED_BACK: Final = 120


def visible_bulletins(actor: Actor) -> QuerySet[Bulletin]:
    """Those of the actor's county: whoever signs for it sees drafts too, everybody who supervises the published."""
    rows = Bulletin.objects.filter(county__path__in=roots_of(actor)).select_related(
        "county", "reviewed_by", "signed_by"
    )
    return rows if may_sign(actor) else rows.filter(published_at__isnull=False)


def roots_of(actor: Actor) -> set[str]:
    """The counties in which the actor watches, or administers."""
    return {node.split("/", 1)[0] + "/" for node in actor.supervises or actor.nodes.get("administer", ())}


def readers_of(county: Hall, today: date) -> list[int]:
    """The accounts that read what the county publishes: whoever watches or administers it, a township, a department."""
    places = Hall.objects.filter(path__startswith=county.path, tier__in=(Level.COUNTY, Level.TOWNSHIP))
    organs = Department.objects.filter(hall=county)
    paths = [*places.values_list("path", flat=True), *organs.values_list("path", flat=True)]
    read = {Duty.SUPERVISE, Duty.ADMINISTER}
    return list({post.user_id: None for post, duties in staff_at(paths, today) if duties & read})


def missing_periods(county: Hall, today: date) -> list[Period]:
    """The periods that are over and have no standing paper, the oldest first (one statement).

    From the last week and month on that were over when the county's first paper was drafted; of a county without any,
    the last ones of today. A period of longer ago is missing once its paper was dropped.
    """
    return _missing(_papers(county), today)


Paper = tuple[str, date, Any, Any]  # kind, first day, when it was dropped, when it was drafted


def _papers(county: Hall) -> list[Paper]:
    return list(Bulletin.objects.filter(county=county).values_list("kind", "first", "dropped_at", "drafted_at"))


def _missing(rows: list[Paper], today: date) -> list[Period]:
    begun = min((day_of(drafted) for _kind, _first, _dropped, drafted in rows), default=today)
    found: list[Period] = []
    for kind in PeriodKind:
        stands = {first for one, first, dropped, _at in rows if one == kind and dropped is None}
        wanted = {first for one, first, _dropped, _at in rows if one == kind}
        period, last = period_of(kind, begun).previous, period_of(kind, today).previous
        while period.first <= last.first:
            wanted.add(period.first)
            period = period.following
        found += [Period(kind, first) for first in sorted(wanted - stands)]
    return found


def _earlier(rows: list[Paper], today: date) -> list[Period]:
    """The newest periods that no round of the machine will draft and that have no standing paper."""
    waiting = _missing(rows, today)
    stands = {(kind, first) for kind, first, dropped, _at in rows if dropped is None}
    found: list[Period] = []
    for kind in PeriodKind:
        period = period_of(kind, today)
        offered = 0
        for _turn in range(LOOKED_BACK):
            period = period.previous
            if (kind, period.first) not in stands and period not in waiting:
                found.append(period)
                offered += 1
            if offered == OFFERED:
                break
    return found


def papers_in_sight(actor: Actor, today: date) -> tuple[list[Period], list[Period]]:
    """What whoever signs is told of the counties where they watch: the papers that the machine will draft, and the
    newest earlier periods that somebody may have drafted.
    """
    if not may_sign(actor):
        return [], []
    counties = Hall.objects.filter(tier=Level.COUNTY, retired_on__isnull=True, path__in=roots_of(actor))
    papers = [_papers(county) for county in counties]
    waiting = [period for rows in papers for period in _missing(rows, today)]
    return waiting, [period for rows in papers[:1] for period in _earlier(rows, today)]


def exclusions_of(county: Hall, period: Period) -> list[Exclusion]:
    """The bodies of the county that are not ranked in the period: by the rules that hold on its first day."""
    return [
        Exclusion(
            path=rule.path,
            name=rule.body.name,
            reason=f"{rule.reason}（{rule.document_no}）",
            since=rule.starts_on.isoformat(),
            until=rule.until.isoformat() if rule.until else "",
        )
        for rule in exclusions_on(period.first)
        if rule.path.startswith(county.path)
    ]


def paged(row: Bulletin) -> dict[str, Any]:
    """What the paper says, with what has become of it since: number, remarks, signatures, marks."""
    content: dict[str, Any] = dict(row.content)
    issued = row.published_at or row.drafted_at
    content |= {
        "number": number_of(row),
        "remarks": [line for line in row.remarks.split("\n") if line.strip()],
        "issued": f"{timezone.localtime(issued):%Y年%-m月%-d日}",
        "organ": _("%(hall)s") % {"hall": row.county.name},
        "signed": _signatures(row),
        "draft": "" if row.published_at else (_("已作废") if row.dropped_at else _("草稿，未签发，不得公布")),
        "sample": _("示例数据，不是本县真实办件") if settings.DEMO else "",
    }
    return content


def number_of(row: Bulletin) -> str:
    """奉政务通报〔2026〕3号; empty while it is not published."""
    if row.serial is None:
        return ""
    word = _("政务统计") if row.kind == PeriodKind.WEEK else _("政务通报")
    return f"{county_of(row.county.path).sign}{word}〔{row.year}〕{row.serial}号"


def _signatures(row: Bulletin) -> str:
    names = []
    if row.reviewed_by:
        names.append(_("审核：%(name)s") % {"name": row.reviewed_by.full_name})
    if row.signed_by:
        names.append(_("签发：%(name)s") % {"name": row.signed_by.full_name})
    return "　".join(names)
