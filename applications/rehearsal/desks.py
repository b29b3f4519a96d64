"""Who sits where: the person of the county who may do an act at a place."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from applications.domain.lifecycle import BY_VERB, Verb, duty_for
from applications.models import Application
from applications.permissions import place_path
from applications.selectors.position import Position
from halls.acting import Actor, acting_user
from halls.domain.duties import POST_DUTIES, PostKind
from halls.models import Hall, Post, User


class Desks:
    """The people of one county by duty and place. Each is asked who they are once."""

    def __init__(self, county: Hall) -> None:
        self._people: dict[tuple[str, str], list[User]] = defaultdict(list)
        posts = Post.objects.exclude(kind=PostKind.SYSTEM).select_related("user", "hall", "department").order_by("pk")
        for post in posts:
            node = post.department or post.hall
            assert node is not None  # one node: database constraint
            if node.path.startswith(county.path):
                for duty in POST_DUTIES[PostKind(post.kind)]:
                    self._people[duty, node.path].append(post.user)

    def at(self, duty: str, path: str, random: Random, *, avoid: str = "") -> Actor:
        """Return somebody who holds the duty at the place or, if nobody does, at the nearest one above it.

        The first of them mostly, as an A 角 does. `avoid` is the code of a person who may not.
        """
        place = path
        while place:
            people = [user for user in self._people.get((duty, place), ()) if user.person_code != avoid]
            if people:
                return acting_user(people[0] if random.random() < 0.8 else random.choice(people))
            place = place.rstrip("/").rpartition("/")[0] + "/" if "/" in place.rstrip("/") else ""
        raise LookupError(f"nobody may {duty} at {path}")

    def of(self, username: str) -> Actor:
        return acting_user(User.objects.get(username=username))

    def for_verb(self, verb: Verb, application: Application, position: Position, random: Random) -> Actor:
        """Return somebody who may do this verb to this case now; a decision is kept from whoever accepted it."""
        path = place_path(application, BY_VERB[verb].place)
        duty = duty_for(verb, position.facts)
        return self.at(duty, path, random, avoid=application.accepted_person if duty == "decide" else "")
