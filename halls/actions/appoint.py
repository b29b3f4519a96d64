"""Appoint people: an account, the posts it holds, and the duties that go with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from halls import scopes
from halls.acting import SYSTEM_USERNAME, Actor
from halls.domain.duties import Duty, PostKind
from halls.domain.errors import Invalid, NotPermitted, Problem
from halls.models import Department, Hall, Level, Post, User, Window

BATCH = 1000
SYSTEM_SINCE = date(2000, 1, 1)


@dataclass(frozen=True)
class PostOrder:
    """A post to be given: on one hall or one department. `backs_up`: the username of the A 角."""

    kind: PostKind
    title: str
    starts_on: date
    hall: Hall | None = None
    department: Department | None = None
    window: Window | None = None
    ends_on: date | None = None
    backs_up: str = ""

    @property
    def path(self) -> str:
        node = self.department or self.hall
        assert node is not None
        return node.path


@dataclass(frozen=True)
class Person:
    """Somebody to be appointed. Without a password the account exists but nobody can log in with it."""

    username: str
    full_name: str
    person_code: str
    posts: tuple[PostOrder, ...]
    password: str = ""
    is_demo: bool = False


@transaction.atomic
def appoint(person: Person, *, actor: Actor) -> User:
    """Open an account for a person and give it its posts.

    Raises NotPermitted (the actor does not administer every node of the posts), Invalid (name, username or code
    missing or taken, no post, a post on no node or on two, dates the wrong way round).
    """
    _require_sound(person)
    if not all(actor.holds(Duty.ADMINISTER, order.path) for order in person.posts):
        raise NotPermitted("no_duty_here", "您不能在这个机构任命人员。", cure="请由该机构所属县的系统管理员办理。")
    if User.objects.filter(username=person.username).exists():
        cure = "请换一个用户名; 同一人兼任其他岗位的, 在原账号上增加岗位。"
        raise Invalid("username_taken", "这个用户名已有人使用。", field="username", cure=cure)
    appoint_all([person])
    return User.objects.get(username=person.username)


def _require_sound(person: Person) -> None:
    cure = "请填写。"
    problems = [
        Problem(name, f"没有填写{label}。", cure)
        for name, label in (("username", "用户名"), ("full_name", "姓名"), ("person_code", "人员编号"))
        if not getattr(person, name).strip()
    ]
    if not person.posts:
        problems.append(Problem("posts", "没有岗位。", "请至少给一个岗位。"))
    for order in person.posts:
        if (order.hall is None) == (order.department is None):
            problems.append(Problem("posts", "岗位应设在一个大厅或一个部门。", "请二选一。"))
        if order.ends_on is not None and order.ends_on < order.starts_on:
            problems.append(Problem("posts", "离任日期早于任职日期。", "请核对日期。"))
    if problems:
        raise Invalid("person_incomplete", "任命信息有误。", problems=tuple(problems))


@transaction.atomic
def appoint_all(people: Sequence[Person]) -> list[str]:
    """Set a county up: appoint everybody whose username is not taken yet, and return the new usernames.

    A handful of statements for a thousand people. It asks for nobody's duty: only commands of the owner call it.
    """
    names = [person.username for person in people]
    known = dict(User.objects.filter(username__in=names).values_list("username", "pk"))
    new = [person for person in people if person.username not in known]
    users = bulk_create_with_history([_user(person) for person in new], User, batch_size=BATCH)
    keys = {user.username: user.pk for user in users}
    orders = [(order, keys[person.username]) for person in new for order in person.posts]
    posts = bulk_create_with_history([_post(order, user_id) for order, user_id in orders], Post, batch_size=BATCH)
    _name_backups([order.backs_up for order, _ in orders], posts)
    scopes.grant_posts(posts)
    return [person.username for person in new]


def _user(person: Person) -> User:
    return User(
        username=person.username,
        full_name=person.full_name,
        person_code=person.person_code,
        is_demo=person.is_demo,
        password=make_password(person.password or None),
    )


def _post(order: PostOrder, user_id: int) -> Post:
    return Post(
        user_id=user_id,
        kind=order.kind,
        title=order.title,
        hall=order.hall,
        department=order.department,
        window=order.window,
        starts_on=order.starts_on,
        ends_on=order.ends_on,
    )


def _name_backups(usernames: Sequence[str], posts: Sequence[Post]) -> None:
    """Point every post of a B 角 at the first post of the person it stands in for."""
    first: dict[str, int] = {}
    held = Post.objects.filter(user__username__in=set(usernames) - {""}).order_by("pk")
    for username, pk in held.values_list("user__username", "pk"):
        first.setdefault(username, pk)
    standing_in = []
    for username, post in zip(usernames, posts, strict=True):
        if username in first:
            post.backup_of_id = first[username]
            standing_in.append(post)
    Post.objects.bulk_update(standing_in, ["backup_of"], batch_size=BATCH)


@transaction.atomic
def appoint_system(counties: Iterable[Hall] | None = None) -> User:
    """Make the machine an actor in every county: it resumes cases whose special procedure is over.

    Nobody can log in with its account. Idempotent; a county loaded later gets its post at the next call.
    """
    user, _created = User.objects.get_or_create(
        username=SYSTEM_USERNAME,
        defaults={"full_name": "系统", "person_code": SYSTEM_USERNAME, "password": make_password(None)},
    )
    halls = Hall.objects.filter(tier=Level.COUNTY, parent__isnull=True) if counties is None else counties
    held = set(Post.objects.filter(user=user, kind=PostKind.SYSTEM).values_list("hall_id", flat=True))
    orders = [PostOrder(PostKind.SYSTEM, "系统", SYSTEM_SINCE, hall=hall) for hall in halls if hall.pk not in held]
    scopes.grant_posts(bulk_create_with_history([_post(order, user.pk) for order in orders], Post))
    return user
