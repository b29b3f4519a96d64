"""Every figure equals its recount from events, at midnight, at the end of a month and of a year in Shanghai."""

import pytest

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.deliver import Handing, deliver
from applications.actions.extend import extend
from applications.actions.grant import grant
from applications.actions.make_result import make_result
from applications.actions.pass_on import pass_on
from applications.actions.request_correction import request_correction
from applications.actions.resume import resume
from applications.actions.supply import supply
from applications.models import Application
from halls.domain.duties import PostKind
from halls.selectors.work_calendar import read_moment
from matters.models import Material
from supervision.actions.appeal_card import appeal_card
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.actions.sweep import sweep
from supervision.actions.tell import tell
from supervision.figures import Present
from supervision.models import LimitWarning
from supervision.selectors import group_times, statistics
from supervision.selectors.figure_groups import GROUPS
from supervision.selectors.scope import scope_of
from supervision.selectors.time_used import sums
from tests.factories.calendar import publish_2027
from tests.factories.halls import person_in_post
from tests.supervision.county import at
from tests.supervision.recount import days_used, recount, recount_cards

pytestmark = pytest.mark.django_db
# Nobody orders, urges, complains or rates here: test_recount_acts.py recounts those.
OF_ACTS = ("orders", "urges", "voices", "ratings", "rating_work", "doubted", "unrated", "callbacks")
KEYS = [key for group in GROUPS if group.key not in OF_ACTS for key in group.figures]


def seen_by(county, role, scope):
    """What the words of the scope mean, said once more."""
    east, west, bureau = county.townships[0].path, county.townships[1].path, county.bureau.path
    user = county.people[role].pk

    def of_bureau(story):
        return any(path.startswith(bureau) for path in (*story.route.values(), story.accept_path))

    if scope == "own":
        return lambda story: user in story.people
    return {
        "supervisor": lambda story: True,
        "director0": lambda story: story.path.startswith(east),
        "director1": lambda story: story.path.startswith(west),
        "bureau_director": of_bureau,
        "window1": lambda story: story.path.startswith(west),
        "clerk0": lambda story: story.path.startswith(county.villages[0].path),
        "bureau_examiner": of_bureau,
    }[role]


SCOPES = (
    ("supervisor", "watch"), ("director0", "watch"), ("director1", "watch"), ("bureau_director", "watch"),
    ("window1", "post"), ("clerk0", "post"), ("bureau_examiner", "post"), ("window1", "own"), ("approver0", "own"),
    ("bureau_examiner", "own"),
)  # fmt: skip


def compare(county):
    """Compare every figure of every scope now; return the keys that counted something."""
    moment = read_moment()
    present, counted = Present.at(moment.at), set()
    for role, key in SCOPES:
        scope = scope_of(county.actor(role), key)
        figures = statistics.counts(scope, present)
        is_seen = seen_by(county, role, key)
        wanted = recount(is_seen, moment.at) | recount_cards(is_seen, moment.at)
        differing = {k: (figures[k], wanted.get(k, 0)) for k in KEYS if figures[k] != wanted.get(k, 0)}
        assert not differing, (role, key, f"{moment.at}")
        assert set(wanted) - {"none"} <= {*KEYS, "done"}
        counted |= {k for k in KEYS if figures[k]}
        used = days_used(is_seen, moment.at)
        found = sums(group_times.GROUP.rows(scope), present, moment.calendar)
        for segment, (used_days, lost_days) in used.items():
            told = found[segment]
            got = (told.given, told.used) if segment == "promised" else (told.used, told.lost)
            assert got == (used_days, lost_days), (role, segment)
        flow = statistics.flow(scope, present)
        for name in ("received_30", "accepted_30", "concluded_30"):
            assert sum(numbers[name] for _day, numbers in flow) == figures[name]
    return counted


@pytest.fixture
def planted(county):
    """Cases of December 2026 that end around the turn of the year, and some that never do."""
    publish_2027()
    county.people["second"] = person_in_post(PostKind.SUPERVISOR, county.hall)
    return county


def corrected(county, place, days=5):
    matter = county.matter(promised=6)
    Material.objects.create(version=matter.current, seq=1, name="户口簿", necessity="required")
    case = county.received(matter, place)
    return request_correction(
        case.pk, {1: Finding("missing", "缺户口簿")}, actor=county.actor(f"window{place}"), days=days
    )


def lawful(county, place, promised, law):
    return county.accepted(county.matter(promised=promised, statutory_amount=law, statutory_unit="wd"), place)


def test_every_figure_equals_its_recount_through_the_turn_of_a_year(planted):
    county, counted = planted, set()
    at("2026-09-28 10:00")
    county.accepted(county.matter(promised=3), 1)  # never done: more than sixty days old
    at("2026-11-10 10:00")
    county.accepted(county.matter(promised=40), 0)
    county.filed(county.matter(), 1)
    at("2026-12-01 00:00")
    done, slow = county.accepted(county.matter(promised=4), 0), county.accepted(county.matter(promised=2), 1)
    law_kept, law_broken = lawful(county, 0, 3, 20), lawful(county, 1, 2, 4)
    bureau = county.accepted(county.bureau_matter(promised=10), 0)
    asleep, woken = (
        county.suspended(county.special_matter(days=5), 0),
        county.suspended(county.special_matter(days=9), 1),
    )
    to_the_day = county.accepted(county.matter(promised=4), 0)
    gone, unfit = county.filed(county.matter(), 0), county.received(county.matter(), 1)
    waiting, supplied = corrected(county, 0), corrected(county, 1)
    long = county.accepted(county.matter(promised=5), 1)
    counted |= compare(county)
    at("2026-12-04 23:59:59")
    supply(supplied.pk, actor=county.actor("clerk1"))
    county.granted(done, 0)
    county.withdrawn(gone, 0)
    resume(woken.pk, actor=county.actor("examiner1"))
    counted |= compare(county)
    at("2026-12-05 00:00")
    counted |= compare(county)
    at("2026-12-07 15:00")
    extend(long.pk, actor=county.actor("approver1"), days=3, reason="情况复杂", was_told=True)
    county.declined(unfit, 1)
    county.granted(to_the_day, 0)
    accept_again(county, supplied)
    pass_on(bureau.pk, actor=county.actor("bureau_examiner"))
    county.delivered(done, 0)
    sweep()
    counted |= compare(county)
    at("2026-12-15 09:00")
    counted |= compare(county)  # nobody swept: one special procedure has slept too long
    sweep()
    for case, place in ((slow, 1), (law_broken, 1), (law_kept, 0), (long, 1)):
        county.granted(Application.objects.get(pk=case.pk), place)
    revoke_some(county)
    counted |= compare(county)
    at("2026-12-31 23:59:59")
    for case, place in ((slow, 1), (law_kept, 0), (to_the_day, 0)):
        county.delivered(case, place)
    county_hands_out(county, bureau)
    pass_on_special(county, asleep, 0)
    sweep()
    counted |= compare(county)
    assert statistics.counts(scope_of(county.actor("supervisor")), now())["concluded_month"] == 5
    at("2027-01-01 00:00:00")
    assert statistics.counts(scope_of(county.actor("supervisor")), now())["concluded_month"] == 0
    for case, place in ((law_broken, 1), (long, 1)):
        county.delivered(case, place)
    counted |= compare(county)
    at("2027-01-31 23:59:59")
    pass_on_special(county, woken, 1)
    for case, place in ((asleep, 0), (woken, 1), (supplied, 1)):
        county.delivered(county.granted(Application.objects.get(pk=case.pk), place), place)
    sweep()
    counted |= compare(county)
    at("2027-02-01 00:00")
    counted |= compare(county)
    assert Application.objects.get(pk=waiting.pk).status in ("correcting", "withdrawn")
    empty = set(KEYS) - counted - NOWHERE
    assert not empty, empty


# What this county has no case of, each with a reason.
NOWHERE = {
    "village", "village_over",  # no matter of the test is decided in a village
    "supplement_over",
    "pre_review_over", "acceptance_over", "special_over", "delivery_over",
    "to_confirm", "cancelled_month",  # no rule of the test waits for a person
}  # fmt: skip


def now():
    return Present.at(read_moment().at)


def county_hands_out(county, case):
    grant(case.pk, actor=county.actor("bureau_approver"))
    window = county.actor("county_window")
    make_result(case.pk, actor=window)
    deliver(case.pk, Handing(way="post", receiver="王小示", tracking_number="X1"), actor=window)


def accept_again(county, case):
    accept(case.pk, {1: Finding("ok", "")}, actor=county.actor("window1"))


def pass_on_special(county, case, place):
    """Leave the special procedure's step, resumed by hand or by the sweep."""
    case = Application.objects.get(pk=case.pk)
    if case.status == "suspended":
        resume(case.pk, actor=county.actor(f"examiner{place}"))
    pass_on(case.pk, actor=county.actor(f"examiner{place}"))


def revoke_some(county):
    """Of two cards one is revoked, of a third one somebody proposes it, against a fourth the body appeals."""
    cards = list(LimitWarning.objects.filter(level__in=("yellow", "warning")).order_by("pk")[:3])
    assert len(cards) == 3
    for number, card in enumerate(cards):
        proposal = propose_revocation(card.pk, actor=county.actor("second"), reason="点错了")
        if number < 2:
            review_card(proposal.pk, actor=county.actor("supervisor"), act=("revoke", "uphold")[number], reason="属实")
    yellow = LimitWarning.objects.filter(level="yellow", seat_path=county.townships[1].path)
    appealed = yellow.exclude(pk__in=[card.pk for card in cards]).order_by("-pk")[0]
    tell()  # five working days run from the day on which the body was told
    appeal_card(appealed.pk, actor=county.actor("approver1"), reason="系统停机，材料早已齐全")
