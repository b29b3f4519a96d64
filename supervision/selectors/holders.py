"""Who held a duty at an organ on a day: for the records of accountability."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from halls.domain.duties import POST_DUTIES, POST_LABELS, Duty, PostKind
from halls.models import Delegation, Department, Hall, Post
from halls.scopes import deputies_at


def holders_at(path: str, duty: str, day: date, *, top: str = "") -> list[dict[str, str]]:
    """Return who had this duty that day at the organ, else at the nearest one above it: by post, or by a letter.

    Only deciding is lent by letter (授权书). One statement, for deciding two. Empty: nobody held the duty anywhere
    up to `top`, or up to the county.
    """
    kinds = [kind for kind, duties in POST_DUTIES.items() if Duty(duty) in duties and kind is not PostKind.SYSTEM]
    nodes = _nodes_above(path)
    rows = (
        Post.objects.filter(Q(hall__path__in=nodes) | Q(department__path__in=nodes), kind__in=kinds)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        .select_related("user", "hall", "department")
        .order_by("pk")
    )
    by_node: dict[str, list[dict[str, str]]] = {}
    deciders: dict[int, list[str]] = {}
    for post in rows:
        node = post.department or post.hall
        assert node is not None  # one node: database constraint
        by_node.setdefault(node.path, []).append(_holder(post, node))
        deciders.setdefault(post.user_id, []).append(node.path)
    if duty == Duty.DECIDE:
        for letter, place in deputies_at(nodes, day, deciders):
            by_node.setdefault(place.path, []).append(_deputy(letter, place))
    nearest = max((node for node in by_node if node.startswith(top)), key=len, default="")
    return by_node.get(nearest, [])


def _nodes_above(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:n]) + "/" for n in range(1, len(parts) + 1)]


def _deputy(letter: Delegation, node: Hall | Department) -> dict[str, str]:
    return {
        "post": "受托审批",
        "title": f"受{letter.grantor.full_name}委托，{letter.document_no}",
        "place": node.name,
        "person_code": letter.grantee.person_code,
        "name": letter.grantee.full_name,
    }


def _holder(post: Post, node: Hall | Department) -> dict[str, str]:
    return {
        "post": POST_LABELS[PostKind(post.kind)],
        "title": post.title,
        "place": node.name,
        "person_code": post.user.person_code,
        "name": post.user.full_name,
    }
