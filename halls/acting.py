"""The actor of every act: who, in which post, with which duties where."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from halls import scopes
from halls.domain.duties import CASE_DUTIES, POST_LABELS, Duty, PostKind
from halls.domain.errors import NotPermitted
from halls.models import User

SYSTEM_USERNAME = "system"


@dataclass(frozen=True)
class Actor:
    """A person in their posts of today; made once per request, passed to every action.

    `nodes` maps a duty to the path prefixes where it is held.
    """

    user_id: int
    person_code: str
    name: str
    post: str
    post_kind: str
    hall_id: int | None
    hall_code: str
    hall_name: str
    hall_path: str
    nodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_system: bool = False
    # What was read about this person once and holds for the request, by its name. Copies with fewer duties share it:
    # nothing that depends on `nodes` is kept here.
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def holds(self, duty: str, path: str) -> bool:
        """Whether the duty is held at this path or above it."""
        return any(path.startswith(prefix) for prefix in self.nodes.get(duty, ()))

    def has(self, duty: str) -> bool:
        """Whether the duty is held anywhere."""
        return bool(self.nodes.get(duty))

    @property
    def key(self) -> Hashable:
        """What two actors share who may see and do the same things as the same person."""
        return self.user_id, self.person_code, self.name, self.post_kind, self.hall_path, frozenset(self.nodes.items())

    @property
    def case_prefixes(self) -> tuple[str, ...]:
        """Every node on which some duty about cases is held."""
        return tuple(sorted({p for duty in CASE_DUTIES for p in self.nodes.get(duty, ())}))

    @property
    def at_work(self) -> Actor:
        """The same person without the duty to watch: whoever only watches does not look at papers."""
        return replace(self, nodes={duty: paths for duty, paths in self.nodes.items() if duty != Duty.SUPERVISE})

    @property
    def files_in_a_hall(self) -> bool:
        """Whether the actor takes in new cases; a department or station files in no hall."""
        return any("~" not in node for node in self.nodes.get(Duty.FILE, ()))

    @property
    def supervises(self) -> tuple[str, ...]:
        return self.nodes.get(Duty.SUPERVISE, ())


def acting_user(user: AbstractBaseUser | AnonymousUser) -> Actor:
    """Return the actor behind a logged-in account, loaded once per user object (= per request).

    Raises NotPermitted for visitors and for accounts that were switched off.
    """
    if not isinstance(user, User) or not user.is_active:
        raise NotPermitted("not_logged_in", "请先登录。", cure="使用工作账号登录后再试。")
    cached = getattr(user, "_actor", None)
    if cached is None:
        cached = _load(user)
        user._actor = cached  # type: ignore[attr-defined]
    assert isinstance(cached, Actor)
    return cached


def system_actor() -> Actor:
    """Return the machine as an actor; its rights are the duties of its post, like anybody's."""
    return _load(User.objects.get(username=SYSTEM_USERNAME))


def owner_actor() -> Actor:
    """Return whoever runs commands on the county's server: may staff every hall, and do nothing in any case."""
    return Actor(
        user_id=0,
        person_code="",
        name="系统所有者",
        post="",
        post_kind="",
        hall_id=None,
        hall_code="",
        hall_name="",
        hall_path="",
        nodes={Duty.ADMINISTER: ("",)},
    )


def _load(user: User) -> Actor:
    today = timezone.localdate()
    posts = scopes.posts_in_force(user, today)
    first = posts[0] if posts else None
    hall = (first.hall or (first.department.hall if first.department else None)) if first else None
    place = (first.department or first.hall) if first else None
    kind = first.kind if first else ""
    return Actor(
        user_id=user.pk,
        person_code=user.person_code,
        name=user.full_name,
        post=first.title if first else "",
        post_kind=kind,
        hall_id=hall.pk if hall else None,
        hall_code=hall.code if hall else "",
        hall_name=place.name if place else "",
        hall_path=place.path if place else "",
        nodes=scopes.nodes_of(user, posts, today),
        is_system=kind == PostKind.SYSTEM,
    )


def post_label(kind: str) -> str:
    return POST_LABELS[PostKind(kind)] if kind else "无在任岗位"
