"""Where a person may do what: worked examples, and random trees against an oracle that walks parents one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from halls import scopes
from halls.acting import Actor
from halls.domain.duties import POST_DUTIES, Duty, PostKind
from halls.models import Delegation, Department, Hall, Post, User
from halls.scopes import grant_posts
from tests.factories.halls import DepartmentFactory, HallFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
Node = Hall | Department


def on(node: Node) -> dict[str, Node]:
    return {"hall" if isinstance(node, Hall) else "department": node}


def appointed(
    kind: PostKind, node: Node, user: User | None = None, *, starts: date = TODAY - 30 * DAY, ends: date | None = None
) -> User:
    user = user or UserFactory.create()
    post = Post.objects.create(user=user, kind=kind, title="岗", starts_on=starts, ends_on=ends, **on(node))
    grant_posts([post])
    return user


def lent(
    grantor: User, grantee: User, node: Node, *, starts: date = TODAY, ends: date = TODAY, revoked: date | None = None
) -> Delegation:
    return Delegation.objects.create(
        grantor=grantor,
        grantee=grantee,
        document_no="授",
        starts_on=starts,
        ends_on=ends,
        revoked_on=revoked,
        **on(node),
    )


def actor_of(user: User, today: date = TODAY) -> Actor:
    nodes = scopes.nodes_of(user, scopes.posts_in_force(user, today), today)
    return Actor(user.pk, user.person_code, user.full_name, "岗", "", None, "", "", "", nodes=nodes)


@dataclass
class Place:
    county: Hall
    township: Hall
    other_township: Hall
    village: Hall
    bureau: Department
    station: Department
    office: Department


@pytest.fixture
def place() -> Place:
    county = HallFactory.create()
    township = HallFactory.create(township=True, parent=county)
    bureau = DepartmentFactory.create(hall=county)
    station = DepartmentFactory.create(station=True, parent=bureau)
    station.serves.add(township)
    return Place(
        county=county,
        township=township,
        other_township=HallFactory.create(township=True, parent=county),
        village=HallFactory.create(village=True, parent=township),
        bureau=bureau,
        station=station,
        office=DepartmentFactory.create(office=True, hall=township),
    )


# --- posts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [
        (TODAY - DAY, None, True),
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY + DAY, None, False),
        (TODAY - 9 * DAY, TODAY, True),
        (TODAY - 9 * DAY, TODAY - DAY, False),
    ],
)
def test_a_post_counts_from_its_first_to_its_last_day(place, starts, ends, counts):
    clerk = appointed(PostKind.WINDOW_CLERK, place.township, starts=starts, ends=ends)
    assert actor_of(clerk).holds(Duty.ACCEPT, place.township.path) is counts


def test_an_expired_post_gives_nothing_although_its_grants_are_still_there(place):
    clerk = appointed(PostKind.VILLAGE_CLERK, place.village, ends=TODAY - DAY)
    assert actor_of(clerk).nodes == {}
    assert actor_of(clerk, TODAY - DAY).nodes != {}


def test_a_grant_counts_only_on_the_node_of_a_post_in_force(place):
    """Moved to another township: the duties of the old one are gone with the old post."""
    clerk = appointed(PostKind.WINDOW_CLERK, place.township, ends=TODAY - DAY)
    appointed(PostKind.WINDOW_CLERK, place.other_township, clerk)
    assert actor_of(clerk).nodes[Duty.ACCEPT] == (place.other_township.path,)


def test_the_duties_of_a_lapsed_post_do_not_live_on_through_another_post_on_the_same_node(place):
    approver = appointed(PostKind.APPROVER, place.township, ends=TODAY - DAY)
    appointed(PostKind.EXAMINER, place.township, approver)
    actor = actor_of(approver)
    assert actor.holds(Duty.EXAMINE, place.township.path)
    assert not actor.holds(Duty.DECIDE, place.township.path)


def test_each_post_gives_its_duties_and_no_others(place):
    for kind, duties in POST_DUTIES.items():
        nodes = actor_of(appointed(kind, place.township)).nodes
        assert set(nodes) == {str(duty) for duty in duties}


def test_two_posts_add_up(place):
    person = appointed(PostKind.WINDOW_CLERK, place.station)
    appointed(PostKind.EXAMINER, place.station, person)
    actor = actor_of(person)
    assert actor.holds(Duty.ACCEPT, place.station.path)
    assert actor.holds(Duty.EXAMINE, place.station.path)


# --- the tree ---------------------------------------------------------------------------------------------------------


def test_a_duty_reaches_down_and_never_up_or_aside(place):
    actor = actor_of(appointed(PostKind.EXAMINER, place.township))
    for node in (place.township, place.village, place.office):
        assert actor.holds(Duty.EXAMINE, node.path)
    for node in (place.county, place.other_township, place.bureau, place.station):
        assert not actor.holds(Duty.EXAMINE, node.path)


def test_a_bureau_reaches_its_stations_but_no_hall(place):
    actor = actor_of(appointed(PostKind.APPROVER, place.bureau))
    assert actor.holds(Duty.DECIDE, place.station.path)
    assert not actor.holds(Duty.DECIDE, DepartmentFactory.create(hall=place.county).path)
    for node in (place.county, place.township, place.office):
        assert not actor.holds(Duty.DECIDE, node.path)


def test_a_station_has_no_power_in_the_townships_it_serves(place):
    actor = actor_of(appointed(PostKind.WINDOW_CLERK, place.station))
    assert actor.holds(Duty.ACCEPT, place.station.path)
    assert not actor.holds(Duty.ACCEPT, place.township.path)
    assert not actor.holds(Duty.ACCEPT, place.bureau.path)


def test_a_code_that_begins_like_another_is_not_below_it(place):
    longer = HallFactory.create(
        tier="township", parent=place.county, code=place.township.code + "9", path=place.township.path[:-1] + "9/"
    )
    actor = actor_of(appointed(PostKind.WINDOW_CLERK, place.township))
    assert not actor.holds(Duty.ACCEPT, longer.path)


def test_a_hall_and_a_department_with_the_same_key_are_not_confused(place):
    hall = HallFactory.create(pk=999_999, tier="township", parent=place.county)
    department = DepartmentFactory.create(pk=999_999, hall=place.county)
    actor = actor_of(appointed(PostKind.APPROVER, hall))
    assert actor.holds(Duty.DECIDE, hall.path)
    assert not actor.holds(Duty.DECIDE, department.path)


# --- delegation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "revoked", "counts"),
    [
        (TODAY, TODAY, None, True),
        (TODAY - DAY, TODAY + DAY, None, True),
        (TODAY + DAY, TODAY + 2 * DAY, None, False),
        (TODAY - 2 * DAY, TODAY - DAY, None, False),
        (TODAY - DAY, TODAY + DAY, TODAY, False),
    ],
)
def test_deciding_power_is_lent_for_dates(place, starts, ends, revoked, counts):
    approver, deputy = appointed(PostKind.APPROVER, place.township), appointed(PostKind.EXAMINER, place.township)
    lent(approver, deputy, place.township, starts=starts, ends=ends, revoked=revoked)
    assert actor_of(deputy).holds(Duty.DECIDE, place.township.path) is counts


def test_only_deciding_is_lent(place):
    approver, outsider = appointed(PostKind.APPROVER, place.township), UserFactory.create()
    lent(approver, outsider, place.township)
    assert set(actor_of(outsider).nodes) == {Duty.DECIDE}


def test_a_part_of_the_tree_can_be_lent_but_nothing_above(place):
    approver, deputy = appointed(PostKind.APPROVER, place.township), UserFactory.create()
    lent(approver, deputy, place.office)
    lent(approver, deputy, place.county)
    lent(approver, deputy, place.other_township)
    assert actor_of(deputy).nodes[Duty.DECIDE] == (place.office.path,)


def test_what_is_lent_cannot_be_lent_on(place):
    approver, deputy, third = appointed(PostKind.APPROVER, place.township), UserFactory.create(), UserFactory.create()
    lent(approver, deputy, place.township)
    lent(deputy, third, place.township)
    assert actor_of(deputy).holds(Duty.DECIDE, place.township.path)
    assert not actor_of(third).has(Duty.DECIDE)


def test_lent_power_ends_with_the_post_and_the_account_of_the_lender(place):
    approver, deputy = appointed(PostKind.APPROVER, place.township), UserFactory.create()
    lent(approver, deputy, place.township)
    approver.is_active = False
    approver.save()
    assert not actor_of(deputy).has(Duty.DECIDE)
    approver.is_active = True
    approver.save()
    approver.posts.update(ends_on=TODAY - DAY)
    assert not actor_of(deputy).has(Duty.DECIDE)


def test_somebody_without_deciding_power_lends_nothing(place):
    examiner, deputy = appointed(PostKind.EXAMINER, place.township), UserFactory.create()
    lent(examiner, deputy, place.township)
    assert not actor_of(deputy).has(Duty.DECIDE)


def test_granting_twice_changes_nothing(place):
    user = appointed(PostKind.WINDOW_CLERK, place.township)
    before = actor_of(user).nodes
    grant_posts(user.posts.all())
    assert actor_of(user).nodes == before


# --- random trees -----------------------------------------------------------------------------------------------------

KINDS = sorted(POST_DUTIES)
Staff = dict[str, list[tuple[int, ...]]]
DATES = st.integers(-3, 3)


@st.composite
def staff_lists(draw: st.DrawFn) -> Staff:
    """A tree of a county (node 0), halls and departments by the number of their parent; people, posts, delegations."""
    count = draw(st.integers(1, 6))
    halls: list[tuple[int, ...]] = [(draw(st.integers(0, index)),) for index in range(count)]
    departments: list[tuple[int, ...]] = [
        (draw(st.integers(0, count)), draw(st.integers(-1, n - 1))) for n in range(draw(st.integers(0, 4)))
    ]
    nodes, people = count + len(departments), draw(st.integers(1, 3))
    node, person = st.integers(0, nodes), st.integers(0, people - 1)
    post = st.tuples(person, st.integers(0, len(KINDS) - 1), node, DATES, DATES)
    delegation = st.tuples(person, person, node, DATES, DATES, st.booleans())
    return {
        "halls": halls,
        "departments": departments,
        "people": [(n,) for n in range(people)],
        "posts": draw(st.lists(post, max_size=6)),
        "delegations": draw(st.lists(delegation, max_size=4)),
    }


class Oracle:
    """The same county as plain objects; whether somebody holds a duty is answered by walking up."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self.nodes: list[Node] = [HallFactory.create()]
        self.parents: list[int | None] = [None]
        self._build_tree()
        self.people = [UserFactory.create() for _ in staff["people"]]
        self.posts = [self._post(*row) for row in staff["posts"]]
        self.delegations = [self._delegation(*row) for row in staff["delegations"] if row[0] != row[1]]

    def _build_tree(self) -> None:
        for (parent,) in self.staff["halls"]:
            while len(self.nodes[parent].code) > 9:  # nothing lies below a village
                parent = self.parents[parent] or 0
            self.nodes.append(HallFactory.create(tier="township", parent=self.nodes[parent]))
            self.parents.append(parent)
        bureaus: list[int] = []
        for hall, bureau in self.staff["departments"]:
            above = bureaus[bureau] if bureau >= 0 else None
            if above is None:
                self.nodes.append(DepartmentFactory.create(hall=self.nodes[hall]))
            else:
                self.nodes.append(DepartmentFactory.create(station=True, parent=self.nodes[above]))
            self.parents.append(hall if above is None else above)
            bureaus.append(len(self.nodes) - 1)

    def _post(self, person: int, kind: int, node: int, first: int, last: int) -> tuple[int, PostKind, int, bool]:
        first, last = min(first, last), max(first, last)
        duty = PostKind(KINDS[kind])
        appointed(duty, self.nodes[node], self.people[person], starts=TODAY + first * DAY, ends=TODAY + last * DAY)
        return person, duty, node, first <= 0 <= last

    def _delegation(
        self, grantor: int, grantee: int, node: int, first: int, last: int, revoked: int
    ) -> tuple[int, ...]:
        first, last = min(first, last), max(first, last)
        lent(
            self.people[grantor],
            self.people[grantee],
            self.nodes[node],
            starts=TODAY + first * DAY,
            ends=TODAY + last * DAY,
            revoked=TODAY if revoked else None,
        )
        return grantor, grantee, node, first <= 0 <= last and not revoked

    def by_post(self, person: int, duty: Duty, node: int | None) -> bool:
        while node is not None:
            for who, kind, where, in_force in self.posts:
                if (who, where, in_force) == (person, node, True) and duty in POST_DUTIES[kind]:
                    return True
            node = self.parents[node]
        return False

    def holds(self, person: int, duty: Duty, node: int) -> bool:
        if self.by_post(person, duty, node):
            return True
        if duty is not Duty.DECIDE:
            return False
        above: int | None = node
        while above is not None:
            for grantor, grantee, where, in_force in self.delegations:
                if (grantee, where, in_force) == (person, above, True) and self.by_post(grantor, Duty.DECIDE, where):
                    return True
            above = self.parents[above]
        return False


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(staff=staff_lists())
def test_random_counties_agree_with_the_oracle(staff):
    with transaction.atomic():
        oracle = Oracle(staff)
        for person, user in enumerate(oracle.people):
            actor = actor_of(user)
            for node, place in enumerate(oracle.nodes):
                for duty in Duty:
                    assert actor.holds(duty, place.path) == oracle.holds(person, duty, node), (person, duty, node)
        transaction.set_rollback(True)
