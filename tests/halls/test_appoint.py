"""Appointing people: one by an administrator, a county at set-up, and the machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from halls.acting import Actor, acting_user, system_actor
from halls.actions.appoint import Person, PostOrder, appoint, appoint_all, appoint_system, ensure_appointed
from halls.domain.duties import Duty, PostKind
from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.models import Hall, Post, User
from tests.factories.halls import DepartmentFactory, HallFactory, person_in_post

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)


@pytest.fixture
def county() -> Hall:
    return HallFactory.create()


@pytest.fixture
def township(county) -> Hall:
    return HallFactory.create(township=True, parent=county)


@pytest.fixture
def administrator(county) -> Actor:
    return acting_user(person_in_post(PostKind.ADMINISTRATOR, county))


@pytest.fixture
def clerk(township) -> Person:
    order = PostOrder(PostKind.WINDOW_CLERK, "综合窗口受理员", START, hall=township)
    return Person("new-clerk", "冉小梅", "P-900", (order,), password="correct horse battery")


def test_an_administrator_appoints_a_person_who_can_work_at_once(administrator, clerk, township):
    user = appoint(clerk, actor=administrator)
    actor = acting_user(user)
    assert actor.holds(Duty.ACCEPT, township.path)
    assert user.check_password("correct horse battery")
    assert not user.is_demo
    assert user.history.count() == 1
    assert user.posts.get().history.count() == 1


def test_without_a_password_nobody_can_log_in(administrator, clerk):
    assert not appoint(replace(clerk, password=""), actor=administrator).has_usable_password()


def test_a_person_may_hold_posts_in_two_places(administrator, clerk, county):
    bureau = DepartmentFactory.create(hall=county)
    order = PostOrder(PostKind.EXAMINER, "审查员", START, department=bureau)
    user = appoint(replace(clerk, posts=(*clerk.posts, order)), actor=administrator)
    assert acting_user(user).holds(Duty.EXAMINE, bureau.path)


def test_who_administers_nothing_there_appoints_nobody(clerk, township):
    elsewhere = acting_user(person_in_post(PostKind.ADMINISTRATOR, HallFactory.create()))
    window = acting_user(person_in_post(PostKind.WINDOW_CLERK, township))
    for actor in (elsewhere, window):
        with pytest.raises(NotPermitted):
            appoint(clerk, actor=actor)
    assert not User.objects.filter(username="new-clerk").exists()


def test_a_username_belongs_to_one_person(administrator, clerk):
    appoint(clerk, actor=administrator)
    with pytest.raises(Invalid, match="username_taken"):
        appoint(replace(clerk, person_code="P-901"), actor=administrator)


@pytest.mark.parametrize("name", ["username", "full_name", "person_code"])
def test_what_is_missing_is_named(administrator, clerk, name):
    with pytest.raises(Invalid) as refusal:
        appoint(replace(clerk, **{name: " "}), actor=administrator)
    assert [problem.field for problem in refusal.value.problems] == [name]


def test_a_post_is_on_one_node_and_ends_after_it_starts(administrator, clerk, county):
    (order,) = clerk.posts
    both = replace(order, department=DepartmentFactory.create(hall=county))
    for posts in ((), (both,), (replace(order, hall=None),), (replace(order, ends_on=date(2025, 12, 31)),)):
        with pytest.raises(Invalid) as refusal:
            appoint(replace(clerk, posts=posts), actor=administrator)
        assert {problem.field for problem in refusal.value.problems} == {"posts"}


def test_a_county_is_staffed_once_and_b_stands_in_for_a(township):
    def orders(**more):
        return (PostOrder(PostKind.WINDOW_CLERK, "窗口", START, hall=township, **more),)

    people = [Person("b", "乙", "P-2", orders(backs_up="a")), Person("a", "甲", "P-1", orders())]
    assert appoint_all(people) == ["b", "a"]
    assert Post.objects.get(user__username="b").backup_of == Post.objects.get(user__username="a")
    later = Person("c", "丙", "P-3", orders(backs_up="a"))
    assert appoint_all([*people, later]) == ["c"]
    assert Post.objects.get(user__username="c").backup_of == Post.objects.get(user__username="a")
    assert User.objects.filter(username__in="abc").count() == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kind": PostKind.SYSTEM}, "kind"), ({"title": " "}, "title"), ({"title": "长" * 65}, "title")],
)
def test_a_post_that_cannot_be_is_refused(administrator, clerk, changes, field):
    with pytest.raises(Invalid) as refusal:
        appoint(replace(clerk, posts=(replace(clerk.posts[0], **changes),)), actor=administrator)
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_nobody_is_appointed_in_a_place_that_closed(administrator, clerk, township):
    township.retired_on = START
    with pytest.raises(Invalid) as refusal:
        appoint(clerk, actor=administrator)
    assert [problem.field for problem in refusal.value.problems] == ["node"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "system"}, "username"),
        ({"username": "a" * 65}, "username"),
        ({"username": " clerk"}, "username"),
        ({"person_code": "system"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "9182736450918"}, "password"),
        ({"password": "new-clerk1"}, "password"),
    ],
)
def test_an_account_that_cannot_be_is_refused(administrator, clerk, changes, field):
    with pytest.raises(Invalid) as refusal:
        appoint(replace(clerk, **changes), actor=administrator)
    assert {problem.field for problem in refusal.value.problems} == {field}


def test_a_code_that_was_typed_otherwise_is_the_same_persons(administrator, clerk):
    appoint(clerk, actor=administrator)
    again = ensure_appointed(replace(clerk, person_code=clerk.person_code.lower()), actor=administrator)
    assert (again.is_new_user, again.user.person_code) == (False, clerk.person_code)
    with pytest.raises(Refused, match="username_taken"):
        ensure_appointed(replace(clerk, person_code="P-999"), actor=administrator)


def test_b_stands_in_for_another_person_on_the_same_node(administrator, clerk, county, township):
    (order,) = clerk.posts
    appoint(clerk, actor=administrator)
    elsewhere = replace(order, hall=county, backs_up="new-clerk")
    with pytest.raises(Invalid, match="backup_of_nobody"):
        appoint(Person("b", "乙", "P-901", (elsewhere,)), actor=administrator)
    with pytest.raises(Invalid, match="backup_of_oneself"):
        appoint(Person("b", "冉小梅", "P-900", (replace(order, backs_up="new-clerk"),)), actor=administrator)
    with pytest.raises(Invalid, match="backup_of_oneself"):
        appoint(Person("b", "冉小梅", "p900", (replace(order, backs_up="new-clerk"),)), actor=administrator)
    with pytest.raises(Invalid, match="backup_of_oneself"):
        appoint(Person("b", "乙", "P-901", (replace(order, backs_up="b"),)), actor=administrator)
    before = replace(order, backs_up="new-clerk", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    with pytest.raises(Invalid, match="backup_of_nobody"):
        appoint(Person("b", "乙", "P-901", (before,)), actor=administrator)
    assert not User.objects.filter(username="b").exists()
    b = appoint(Person("b", "乙", "P-901", (replace(order, backs_up="new-clerk"),)), actor=administrator)
    assert b.posts.get().backup_of == Post.objects.get(user__username="new-clerk")


def test_the_machine_works_in_every_county_and_cannot_log_in(county, township):
    first = appoint_system()
    other = HallFactory.create()
    assert appoint_system() == first
    assert not first.has_usable_password()
    actor = system_actor()
    assert actor.is_system
    assert set(actor.nodes) == {Duty.EXAMINE}
    assert all(actor.holds(Duty.EXAMINE, hall.path) for hall in (county, other, township))
