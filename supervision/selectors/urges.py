"""Urges: who may read which, and what a case's record says of them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from applications.models import Application
from halls.acting import Actor
from supervision.models import Urge


def visible_urges(actor: Actor) -> QuerySet[Urge]:
    """Every urge about a case the actor sees, and every one that reached the actor, wherever they work now."""
    cases = Application.objects.visible_to(actor).order_by().values("pk")
    return Urge.objects.filter(Q(application__in=cases) | Q(whom__contains=[{"user": actor.user_id}]))


def was_urged(actor: Actor, urge: Urge) -> bool:
    """Whether the actor is one of those who were told."""
    return any(one["user"] == actor.user_id for one in urge.whom)


def urges_of(application: Application) -> list[Urge]:
    """The urges of a case with their answers, newest first: one statement."""
    return list(Urge.objects.filter(application=application).select_related("user", "answer__user").order_by("-pk"))
