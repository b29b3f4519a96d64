"""Appoint people: an account, the posts it holds, and the duties that go with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from halls import scopes
from halls.acting import SYSTEM_USERNAME, Actor
from halls.domain.duties import Duty, PostKind
from halls.domain.errors import Invalid, NotPermitted, Problem, Refused
from halls.domain.persons import is_same_person
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


@dataclass(frozen=True)
class Appointment:
    """Who was appointed, and what of it is new. `posts`: those that were asked for, as they now stand."""

    user: User
    posts: tuple[Post, ...]
    is_new_user: bool
    is_new_post: bool


@transaction.atomic
def appoint(person: Person, *, actor: Actor) -> User:
    """Open an account for a person and give it its posts.

    Raises NotPermitted (the actor does not administer every node of the posts), Invalid (name, username or code
    missing or taken, no post, a post on no node or on two, dates the wrong way round).
    """
    _require_may(person, actor)
    if User.objects.filter(username=person.username).exists():
        cure = "请换一个用户名；同一人兼任其他岗位的，在原账号上增加岗位。"
        raise Invalid("username_taken", "这个用户名已有人使用。", field="username", cure=cure)
    appoint_all([person])
    return User.objects.get(username=person.username)


@transaction.atomic
def ensure_appointed(person: Person, *, actor: Actor) -> Appointment:
    """Make sure that the person has an account and holds these posts; what is there already stays as it is.

    An account that exists keeps its password. Raises what `appoint` raises, and Refused (the account belongs to
    another person or was switched off, or the same post is held for other dates or under another title).
    """
    _require_may(person, actor)
    user = User.objects.select_for_update().filter(username=person.username).first()
    if user is None:
        appoint_all([person])
        user = User.objects.get(username=person.username)
        return Appointment(user, tuple(user.posts.order_by("pk")), is_new_user=True, is_new_post=True)
    _require_same_person(user, person)
    held = [_held(user, order) for order in person.posts]
    missing = [(person, order, user.pk) for order, post in zip(person.posts, held, strict=True) if post is None]
    given = _give_posts(missing)
    posts = (*(post for post in held if post is not None), *given)
    return Appointment(user, posts, is_new_user=False, is_new_post=bool(given))


def _require_may(person: Person, actor: Actor) -> None:
    _require_sound(person)
    if not all(actor.holds(Duty.ADMINISTER, order.path) for order in person.posts):
        raise NotPermitted("no_duty_here", "您不能在这个机构任命人员。", cure="请由该机构所属县的系统管理员办理。")


def _require_same_person(user: User, person: Person) -> None:
    if user.full_name != person.full_name or not is_same_person(user.person_code, person.person_code):
        raise Refused(
            "username_taken",
            f"用户名 {user.username} 已属于另一人（姓名或人员编号不同）。",
            field="username",
            cure="请核对姓名和人员编号；确是另一人的，请换一个用户名。",
        )
    if not user.is_active:
        raise Refused(
            "account_off", f"账号 {user.username} 已停用。", field="username", cure="请先恢复账号，或换一个用户名。"
        )


def _held(user: User, order: PostOrder) -> Post | None:
    """The post that is this order carried out; None where the dates are free."""
    for post in user.posts.filter(kind=order.kind, hall=order.hall, department=order.department):
        if not _overlap((post.starts_on, post.ends_on), _dates(order)):
            continue
        if post.starts_on <= order.starts_on and (post.ends_on, post.title) == (order.ends_on, order.title):
            return post
        until = post.ends_on or "今"
        raise Refused(
            "post_held",
            f"{user.full_name}在这个机构已任「{post.title}」（{post.starts_on} 至 {until}），与本次任命不一致。",
            field="posts",
            cure="请先用 end_post 办理离任，再从离任次日起任命。",
        )
    return None


def _overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    return one[0] <= (other[1] or date.max) and other[0] <= (one[1] or date.max)


def _require_sound(person: Person) -> None:
    problems = [*_problems_of_account(person)]
    if not person.posts:
        problems.append(Problem("posts", "没有岗位。", "请至少给一个岗位。"))
    for order in person.posts:
        problems += _problems_of_post(order)
    if problems:
        raise Invalid("person_incomplete", "任命信息有误。", problems=tuple(problems))


def _problems_of_account(person: Person) -> Iterable[Problem]:
    for name, label in (("username", "用户名"), ("full_name", "姓名"), ("person_code", "人员编号")):
        value = getattr(person, name)
        longest: int = getattr(User._meta.get_field(name), "max_length", 0)
        if not value.strip():
            yield Problem(name, f"没有填写{label}。", "请填写。")
        elif len(value) > longest or not value.isprintable() or value != value.strip():
            yield Problem(name, f"{label}过长或含有不能使用的字符。", f"请改为 {longest} 字以内，首尾不留空格。")
    if SYSTEM_USERNAME in (person.username, person.person_code):
        yield Problem("username", f"{SYSTEM_USERNAME} 是系统自己的账号。", "请换一个用户名和人员编号。")
    if person.password:
        try:
            validate_password(person.password, User(username=person.username, full_name=person.full_name))
        except ValidationError as weak:
            for message in weak.messages:
                yield Problem("password", message, "请换一个口令。")


def _problems_of_post(order: PostOrder) -> Iterable[Problem]:
    node = order.hall if order.department is None else order.department
    if node is None or (order.hall is not None and order.department is not None):
        yield Problem("posts", "岗位应设在一个大厅或一个部门。", "请二选一。")
    elif node.retired_on is not None:
        yield Problem("node", f"{node.name}已停用。", "请核对机构代码。")
    if order.ends_on is not None and order.ends_on < order.starts_on:
        yield Problem("posts", "离任日期早于任职日期。", "请核对日期。")
    if order.kind == PostKind.SYSTEM:
        yield Problem("kind", "系统岗位只属于系统自己。", "请换一个岗位。")
    longest = Post._meta.get_field("title").max_length or 0
    if not order.title.strip() or len(order.title) > longest:
        yield Problem("title", "职务没有填写或过长。", f"请改为 {longest} 字以内。")


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
    _give_posts([(person, order, keys[person.username]) for person in new for order in person.posts])
    return [person.username for person in new]


def _give_posts(orders: Sequence[tuple[Person, PostOrder, int]]) -> list[Post]:
    """Write the posts of these people (by the key of their account) with the duties that go with them."""
    _require_from_today([order for _, order, _ in orders])
    posts = bulk_create_with_history([_post(order, user_id) for _, order, user_id in orders], Post, batch_size=BATCH)
    _name_backups([(person, order) for person, order, _ in orders], posts)
    scopes.grant_posts(posts)
    return list(posts)


def _require_from_today(orders: Sequence[PostOrder]) -> None:
    """Raises Invalid for a post that begins before today, but for the owner of the tables: a trigger holds the same."""
    if all(order.starts_on >= timezone.localdate() for order in orders):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass",
            [Post._meta.db_table],
        )
        (is_owner,) = cursor.fetchone()
    if not is_owner:
        raise Invalid(
            "post_begins_earlier",
            "任职日期不能早于今天。",
            field="starts_on",
            cure="请改为今天或以后；确需补录以前的任职的，请以数据库所有者身份运行。",
        )


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


def _name_backups(orders: Sequence[tuple[Person, PostOrder]], posts: Sequence[Post]) -> None:
    """Point every post of a B 角 at the post of the person it stands in for: on the same node, another person."""
    usernames = {order.backs_up for _, order in orders} - {""}
    held: dict[tuple[str, int | None, int | None], list[Post]] = defaultdict(list)
    for post in Post.objects.filter(user__username__in=usernames).select_related("user").order_by("pk"):
        held[post.user.username, post.hall_id, post.department_id].append(post)
    standing_in = []
    for (person, order), post in zip(orders, posts, strict=True):
        if not order.backs_up:
            continue
        there = held[order.backs_up, post.hall_id, post.department_id]
        first = next((one for one in there if _overlap((one.starts_on, one.ends_on), _dates(order))), None)
        _require_backup(person, order, first)
        post.backup_of = first
        standing_in.append(post)
    Post.objects.bulk_update(standing_in, ["backup_of"], batch_size=BATCH)


def _dates(order: PostOrder) -> tuple[date, date | None]:
    return order.starts_on, order.ends_on


def _require_backup(person: Person, order: PostOrder, first: Post | None) -> None:
    if order.backs_up == person.username or (first and is_same_person(first.user.person_code, person.person_code)):
        raise Invalid(
            "backup_of_oneself",
            "A角和B角是同一个人。",
            field="backs_up",
            cure="请由同一机构的另一人担任A角。",
        )
    if first is None:
        raise Invalid(
            "backup_of_nobody",
            f"{order.backs_up} 在这个机构没有同期在任的岗位，不能作为A角。",
            field="backs_up",
            cure="请先在同一机构任命A角，或更正用户名。",
        )


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
