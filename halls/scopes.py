"""Who may do what where: the only module that knows django-guardian.

A duty is a guardian permission of a Hall or Department. A grant counts only while its holder has a
post in force on that very node whose kind carries the duty; a delegation lends `decide` while its grantor still has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from guardian.models import UserObjectPermission

from halls.domain.duties import POST_DUTIES, Duty, PostKind
from halls.models import Delegation, Department, Hall, Post, User

Node = Hall | Department
NodeKey = tuple[str, str]


def _in_force(today: date) -> Q:
    return Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))


def posts_in_force(user: User, today: date) -> list[Post]:
    """The user's posts of today, oldest first, with their nodes."""
    posts = Post.objects.filter(_in_force(today), user=user)
    return list(posts.select_related("hall", "department__hall").order_by("starts_on", "pk"))


def nodes_of(user: User, posts: Iterable[Post], today: date) -> dict[str, tuple[str, ...]]:
    """For every duty of the user, the path prefixes where it is held today."""
    in_force: dict[NodeKey, set[str]] = defaultdict(set)
    paths: dict[NodeKey, str] = {}
    for post in posts:
        node = post.department or post.hall
        assert node is not None  # one node: database constraint
        key = ("department" if post.department_id else "hall", str(node.pk))
        paths[key] = node.path
        in_force[key] |= POST_DUTIES[PostKind(post.kind)]
    held: dict[str, set[str]] = defaultdict(set)
    for kind, pk, duty in _grants_of([user.pk]).get(user.pk, ()):
        # The grants of a post that ended stay; another post on the same node does not bring them back to life.
        if duty in in_force[kind, pk]:
            held[duty].add(paths[kind, pk])
    for path in _delegated(user, today):
        held[Duty.DECIDE].add(path)
    return {duty: tuple(sorted(prefixes)) for duty, prefixes in held.items()}


def staff_at(paths: Iterable[str], today: date) -> list[tuple[Post, frozenset[str]]]:
    """The posts in force on exactly these nodes, oldest first, each with the duties it really carries there.

    The machine's own post and accounts that were switched off are nobody. Two statements.
    """
    wanted = tuple(paths)
    posts = list(
        Post.objects.filter(_in_force(today), Q(hall__path__in=wanted) | Q(department__path__in=wanted))
        .filter(user__is_active=True)
        .exclude(kind=PostKind.SYSTEM)
        .select_related("user", "hall", "department", "backup_of")
        .order_by("starts_on", "pk")
    )
    grants = _grants_of({post.user_id for post in posts})
    found = []
    for post in posts:
        key = ("department", str(post.department_id)) if post.department_id else ("hall", str(post.hall_id))
        granted = {duty for kind, pk, duty in grants.get(post.user_id, ()) if (kind, pk) == key}
        found.append((post, frozenset(granted & POST_DUTIES[PostKind(post.kind)])))
    return found


def _grants_of(user_ids: Iterable[int]) -> Mapping[int, list[tuple[str, str, str]]]:
    rows = UserObjectPermission.objects.filter(user_id__in=list(user_ids)).values_list(
        "user_id", "content_type__model", "object_pk", "permission__codename"
    )
    grants: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for user_id, kind, pk, duty in rows:
        grants[user_id].append((kind, pk, duty))
    return grants


def deputies_at(
    paths: Iterable[str], day: date, deciders: Mapping[int, Iterable[str]]
) -> list[tuple[Delegation, Node]]:
    """The letters in force at the end of that day on exactly these nodes, oldest first, each with its node.

    `deciders` tells where each grantor decided that day by a post of their own: beyond that nothing is lent. One
    statement.
    """
    wanted = tuple(paths)
    rows = Delegation.objects.filter(
        Q(hall__path__in=wanted) | Q(department__path__in=wanted),
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=day),
        starts_on__lte=day,
        ends_on__gte=day,
    ).select_related("grantor", "grantee", "hall", "department")
    found: list[tuple[Delegation, Node]] = []
    for letter in rows.order_by("starts_on", "pk"):
        node = letter.department or letter.hall
        assert node is not None  # one node: database constraint
        if any(node.path.startswith(prefix) for prefix in deciders.get(letter.grantor_id, ())):
            found.append((letter, node))
    return found


def _delegated(user: User, today: date) -> list[str]:
    """Paths where somebody who may decide there today has lent this user that power."""
    lent = Delegation.objects.filter(
        grantee=user, starts_on__lte=today, ends_on__gte=today, revoked_on__isnull=True
    ).select_related("grantor", "hall", "department")
    paths = []
    for delegation in lent:
        node = delegation.department or delegation.hall
        assert node is not None  # one node: database constraint
        own = nodes_of_grantor(delegation.grantor, today)
        if any(node.path.startswith(prefix) for prefix in own):
            paths.append(node.path)
    return paths


def nodes_of_grantor(grantor: User, today: date) -> tuple[str, ...]:
    """Where the grantor decides by a post of their own: what is lent cannot be lent on."""
    if not grantor.is_active:
        return ()
    paths: list[str] = []
    grants = set(_grants_of([grantor.pk]).get(grantor.pk, ()))
    for post in posts_in_force(grantor, today):
        node = post.department or post.hall
        assert node is not None
        kind = "department" if post.department_id else "hall"
        decides = Duty.DECIDE in POST_DUTIES[PostKind(post.kind)]
        if decides and (kind, str(node.pk), Duty.DECIDE.value) in grants:
            paths.append(node.path)
    return tuple(paths)


def grant_posts(posts: Iterable[Post]) -> None:
    """Grant each post's duties on its node. Granting twice changes nothing."""
    types = {
        "hall": ContentType.objects.get_for_model(Hall),
        "department": ContentType.objects.get_for_model(Department),
    }
    permissions = {
        (p.content_type_id, p.codename): p for p in Permission.objects.filter(content_type__in=types.values())
    }
    rows = []
    for post in posts:
        kind, pk = ("department", post.department_id) if post.department_id else ("hall", post.hall_id)
        for duty in POST_DUTIES[PostKind(post.kind)]:
            permission = permissions[types[kind].pk, duty.value]
            rows.append(
                UserObjectPermission(
                    user_id=post.user_id,
                    content_type=types[kind],
                    object_pk=str(pk),
                    permission=permission,
                )
            )
    UserObjectPermission.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
