"""A bad rating for tests, given with the token of the villager's own paper."""

from __future__ import annotations

from applications.models import Application
from applications.sealing import rating_token
from supervision.actions._put_rating import Opinion
from supervision.actions.rate import rate
from supervision.models import Rating
from tests.supervision.county import County


def rated_badly(county: County, case: Application | None = None) -> Rating:
    """A case of the first village, delivered and rated now, or this one that was delivered."""
    case = case or county.delivered(county.granted(county.accepted(county.matter())))
    opinion = Opinion(level=1, channel="qr", details=("115",))
    return rate(case.number or "", rating_token(case.number or ""), opinion, actor=None)
