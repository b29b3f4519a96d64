"""Where a hall writes something of a matter itself: the hall, the matter, and whether this actor may there."""

from __future__ import annotations

from django.utils import timezone

from halls.acting import Actor
from halls.domain.duties import POST_DUTIES, Duty, PostKind
from halls.domain.errors import NotFound, Refused
from halls.models import Hall, User
from halls.permissions import require_writes_for
from halls.scopes import posts_in_force
from matters.actions._catalogue import hold_catalogue
from matters.models import Matter, MatterVersion


def begin_at(hall_code: str, matter_code: str, actor: Actor) -> tuple[Hall, Matter, MatterVersion]:
    """Let nobody else change matters, and return hall, matter and published guide.

    Raises NotFound, Refused (`not_taken_in_here`).
    """
    hold_catalogue()
    hall = Hall.objects.filter(code=hall_code, retired_on__isnull=True).first()
    matter = Matter.objects.select_related("current").filter(code=matter_code, current__isnull=False).first()
    if hall is None or matter is None or matter.current is None:
        raise NotFound("没有这个大厅或事项。")
    require_writes_for(actor, hall)
    if hall.tier not in matter.current.accept_levels:
        raise Refused(
            "not_taken_in_here", f"「{matter.name}」不在本级大厅收件。", cure="收件层级由办事指南规定，本厅不能改。"
        )
    return hall, matter, matter.current


def post_at(actor: Actor, hall: Hall) -> str:
    """Return the title of the actor's post that carries the matters of this hall: who holds two acts in that one."""
    posts = posts_in_force(User.objects.get(pk=actor.user_id), timezone.localdate())
    here = (
        post.title
        for post in posts
        if post.hall is not None
        and hall.path.startswith(post.hall.path)
        and Duty.EDIT_MATTERS in POST_DUTIES[PostKind(post.kind)]
    )
    return next(here, actor.post)
