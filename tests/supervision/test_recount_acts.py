"""Every figure of orders, urges, voices, ratings and call-backs equals its recount from acts, through midnight, the end
of a month and of the year, for the county's supervisor, a township's director, a bureau, and people at work."""

import pytest

from halls.selectors.work_calendar import read_moment
from supervision.figures import Present
from supervision.figures_ratings import rate_counts
from supervision.models import Rating
from supervision.selectors import group_orders, group_ratings, group_voices, statistics
from supervision.selectors.scope import scope_of
from tests.supervision.acting import winter
from tests.supervision.recount_figures import Sees, recount_acts, recount_rates
from tests.supervision.test_recount import seen_by

pytestmark = pytest.mark.django_db
GROUPS = (
    group_orders.GROUP, group_orders.URGES, group_voices.GROUP, group_ratings.GROUP, group_ratings.WORK,
    group_ratings.DOUBTED_ONES, group_ratings.UNRATED_CASES, group_ratings.CALLBACKS,
)  # fmt: skip
KEYS = [key for group in GROUPS for key in group.figures]


def nobody(*_asked):
    return False


def is_below(path, node):
    return path.startswith(node)


def watching(county, role):
    """Whoever watches a place: what is below it, and what its watch began."""
    node = {
        "supervisor": county.hall, "director0": county.townships[0], "director1": county.townships[1],
        "bureau_director": county.bureau,
    }[role].path  # fmt: skip
    name = county.people[role].full_name
    own = node if node != county.hall.path else None  # the hall whose complaints they never read
    return Sees(
        case=seen_by(county, role, "watch"),
        order=lambda order: is_below(order.organ, node) or is_below(order.issuer, node),
        urge=lambda one, cases: one.case in cases,
        voice=lambda one: (
            is_below(one.seat, node) and (one.kind == "inquiry" or (one.about != own and name not in one.accused))
        ),
        rating=lambda one: is_below(one.path, node) or is_below(one.seat, node),
        held=lambda one: is_below(one.held, node),
        # A bureau filed nothing; of its own hall a township calls nobody.
        callback=lambda one: (
            role != "bureau_director" and is_below(one.path, node) and (own is None or one.path != own)
        ),
        # Of their own hall the others would be those that were rated.
        above=lambda story: is_below(story.path, node) and story.path != own,
    )


def at_work(county, role):
    """Whoever works at a desk: what they answer, ask about, or hand over there."""
    node = {
        "window1": county.townships[1], "clerk0": county.villages[0], "approver0": county.townships[0],
        "bureau_examiner": county.bureau, "bureau_approver": county.bureau,
    }[role].path  # fmt: skip
    decides, answers = role in ("approver0", "bureau_approver"), role in ("window1", "clerk0", "bureau_examiner")
    case = seen_by(county, "bureau_examiner" if "bureau" in role else role, "post") if role != "approver0" else None
    townships = {hall.path for hall in county.townships}

    def is_answered(order):
        right_above = "/".join(order.organ.split("/")[:-2]) + "/"
        return decides and order.organ not in townships and node in (order.organ, right_above)

    return Sees(
        case=case or (lambda story: story.path.startswith(node)),
        order=is_answered,
        urge=lambda one, cases: one.case in cases,
        voice=lambda one: answers and one.kind == "inquiry" and is_below(one.seat, node),
        rating=lambda one: answers and node in (one.path, one.seat) and ("bureau" not in role or one.seat == node),
        held=lambda one: answers and one.held == node,
        callback=nobody,
    )


def own(county, role):
    """Of what the desk sees that about which one acted."""
    desk, user = at_work(county, role), county.people[role].pk
    return Sees(
        case=lambda story: desk.case(story) and user in story.people,
        order=lambda one: desk.order(one) and user in one.people,
        urge=lambda one, cases: one.case in cases and one.user == user,
        voice=lambda one: desk.voice(one) and user in one.people,
        rating=lambda one: desk.rating(one) and user in one.people,
        held=lambda one: desk.held(one) and user in one.people,
        callback=nobody,
    )


def narrowed(county, role):
    """Of what the county's supervisor sees what is about one township, whoever handles it."""
    node = county.townships[0].path
    whole = watching(county, role)
    return Sees(
        case=lambda story: is_below(story.path, node),
        order=lambda order: is_below(order.organ, node),
        urge=whole.urge,
        voice=lambda one: whole.voice(one) and is_below(one.about, node),
        rating=lambda one: is_below(one.path, node),
        held=lambda one: is_below(one.held, node),
        callback=lambda one: is_below(one.path, node),
        above=lambda story: True,
    )


SCOPES = (
    ("supervisor", "hall"),
    *((role, "watch") for role in ("supervisor", "director0", "director1", "bureau_director")),
    *((role, "post") for role in ("window1", "clerk0", "approver0", "bureau_examiner", "bureau_approver")),
    *((role, "own") for role in ("window1", "clerk0", "approver0", "bureau_examiner")),
)
SEES = {"watch": watching, "hall": narrowed, "post": at_work, "own": own}


def compare(county, moment):
    """Compare every figure of every scope now; return the keys that counted something."""
    now, counted = read_moment().at, set()
    present = Present.at(now)
    watchers = {hall.path: [county.people[f"director{n}"].full_name] for n, hall in enumerate(county.townships)}
    for role, key in SCOPES:
        query = {"hall": county.townships[0].code} if key == "hall" else {}
        figures = statistics.counts(scope_of(county.actor(role), "watch" if query else key, query), present)
        sees = SEES[key](county, role)
        wanted = recount_acts(sees, now, watchers)
        differing = {one: (figures[one], wanted[one]) for one in KEYS if figures[one] != wanted[one]}
        assert not differing, (role, key, moment)
        assert set(wanted) <= set(KEYS)
        counted |= {one for one in KEYS if figures[one]}
        if key in ("watch", "post"):
            actor = county.actor(role)
            found = rate_counts(actor if key == "watch" else actor.at_work, present)
            rates = recount_rates(sees, now)
            assert {one: pair for one, pair in found.items() if pair != (0, 0)} == {
                one: pair for one, pair in rates.items() if pair != (0, 0)
            }, (role, moment)
            counted |= {f"{one}/" for one, (part, whole) in found.items() if 0 < part < whole}
    return counted


def test_every_figure_of_acts_equals_its_recount_through_the_turn_of_a_year(county):
    counted = set()
    for moment in winter(county):
        counted |= compare(county, moment)
    assert set(KEYS) - counted == set()
    # Each rate was something between nothing and everything at some moment, for somebody.
    assert {key for key in counted if key.endswith("/")} == {
        f"{key}/"
        for key in ("satisfaction", "contacted_in_time", "rectified_in_time", "rectified", "revisited", "content_again")
    }
    assert set(Rating.objects.values_list("level", flat=True)) == {1, 2, 3, 4, 5}
