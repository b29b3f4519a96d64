"""Weekly statistics and monthly bulletins: who sees which."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.selectors.county import county_of
from halls.acting import Actor
from halls.models import Hall
from halls.permissions import may_sign
from supervision.domain.periods import Period, PeriodKind
from supervision.domain.statistics import Exclusion
from supervision.models import Bulletin
from supervision.selectors.exclusions import exclusions_between


def visible_bulletins(actor: Actor) -> QuerySet[Bulletin]:
    """Those of the actor's county: whoever signs for it sees drafts too, everybody who supervises the published."""
    roots = {node.split("/", 1)[0] + "/" for node in actor.supervises or actor.nodes.get("administer", ())}
    rows = Bulletin.objects.filter(county__path__in=roots).select_related("county", "reviewed_by", "signed_by")
    return rows if may_sign(actor) else rows.filter(published_at__isnull=False)


def exclusions_within(county: Hall, period: Period) -> list[Exclusion]:
    """The bodies that a rule in force on some day of the period takes out of rankings."""
    return [
        Exclusion(
            path=rule.path,
            name=rule.path,
            reason=f"{rule.reason}（{rule.document_no}）",
            since=rule.starts_on.isoformat(),
            until=rule.until.isoformat() if rule.until else "",
        )
        for rule in exclusions_between(period.first, period.last)
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
