"""Find a node or an account by what people call it."""

from __future__ import annotations

from halls.domain.errors import Invalid
from halls.models import Department, Hall, User


def node_of(code: str) -> Hall | Department:
    """Return the hall or department of this code. Raises Invalid."""
    node = Hall.objects.filter(code=code).first() or Department.objects.select_related("hall").filter(code=code).first()
    if node is None:
        cure = "请填大厅或部门的代码，如 500236、500236272、500236-MZ；县须先用 load_county 装入。"
        raise Invalid("unknown_node", f"没有代码为「{code}」的大厅或部门。", field="node", cure=cure)
    return node


def user_of(username: str, *, field: str = "username") -> User:
    """Return the account of this username. Raises Invalid on `field`."""
    user = User.objects.filter(username=username).first()
    if user is None:
        cure = "请核对用户名；还没有账号的，先用 appoint 任命。"
        raise Invalid("unknown_user", f"没有用户名为「{username}」的账号。", field=field, cure=cure)
    return user
