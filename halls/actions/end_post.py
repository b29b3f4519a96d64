"""Leave a post (离任) on a date."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from halls.acting import Actor
from halls.domain.duties import Duty, PostKind
from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.models import Department, Hall, Post, User


@transaction.atomic
def end_post(
    *, actor: Actor, user: User, node: Hall | Department, on: date, kind: PostKind | None = None
) -> list[Post]:
    """Let the user's posts on this very node (of this kind, if one is named) end; `on` is the last day in office.

    What the person lent others lapses with the post. Returns the posts that end that day; a second call changes
    nothing. Raises NotPermitted (the actor does not administer the node), Invalid (no post there, or it begins
    later), Refused (left before that day already, or the machine's post).
    """
    if not actor.holds(Duty.ADMINISTER, node.path):
        raise NotPermitted("no_duty_here", "您不能在这个机构办理离任。", cure="请由该机构所属县的系统管理员办理。")
    where = {"hall": node} if isinstance(node, Hall) else {"department": node}
    held = Post.objects.select_for_update().filter(user=user, **where)
    posts = list((held.filter(kind=kind) if kind else held).order_by("pk"))
    if any(post.kind == PostKind.SYSTEM for post in posts):
        raise Refused("machine_stays", "系统岗位不能离任。", field="username", cure="请核对用户名。")
    ending = [post for post in posts if post.starts_on <= on and (post.ends_on is None or post.ends_on >= on)]
    if not ending:
        _refuse(user, node, on, posts)
    for post in ending:
        if post.ends_on != on:
            post.ends_on = on
            post.save(update_fields=["ends_on"])
    return ending


def _refuse(user: User, node: Hall | Department, on: date, posts: list[Post]) -> None:
    left = [post.ends_on for post in posts if post.ends_on is not None and post.ends_on < on]
    if left:
        raise Refused(
            "left_already",
            f"{user.full_name}已于 {max(left)} 离任。",
            field="on",
            cure="不必再办；日期有误的，请核对后重新任命。",
        )
    if posts:
        raise Invalid(
            "post_begins_later",
            f"{user.full_name}在 {on} 还没有任职。",
            field="on",
            cure="请填任职日期当日或以后的日期。",
        )
    raise Invalid(
        "no_post_here", f"{user.full_name}在{node.name}没有这个岗位。", field="node", cure="请核对机构代码和岗位。"
    )
