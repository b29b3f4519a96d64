"""Who held a duty at an organ on a day: for the records of accountability."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from halls.domain.duties import POST_DUTIES, POST_LABELS, Duty, PostKind
from halls.models import Department, Hall, Post


def holders_at(path: str, duty: str, day: date) -> list[dict[str, str]]:
    """Return the posts with this duty in force that day at the organ, else at the nearest one above it.

    One statement. Empty: nobody held the duty anywhere up to the county.
    """
    kinds = [kind for kind, duties in POST_DUTIES.items() if Duty(duty) in duties and kind is not PostKind.SYSTEM]
    nodes = _nodes_above(path)
    rows = (
        Post.objects.filter(Q(hall__path__in=nodes) | Q(department__path__in=nodes), kind__in=kinds)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        .select_related("user", "hall", "department")
        .order_by("pk")
    )
    by_node: dict[str, list[Post]] = {}
    for post in rows:
        node = post.department or post.hall
        assert node is not None  # one node: database constraint
        by_node.setdefault(node.path, []).append(post)
    nearest = max(by_node, key=len, default="")
    return [_holder(post, post.department or post.hall) for post in by_node.get(nearest, [])]


def _nodes_above(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:n]) + "/" for n in range(1, len(parts) + 1)]


def _holder(post: Post, node: Hall | Department | None) -> dict[str, str]:
    return {
        "post": POST_LABELS[PostKind(post.kind)],
        "title": post.title,
        "place": node.name if node else "",
        "person_code": post.user.person_code,
        "name": post.user.full_name,
    }
