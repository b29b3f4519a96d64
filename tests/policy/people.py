"""The roles of the matrix: one real person of the seeded county for each."""

from __future__ import annotations

from halls.models import Department, Hall, Post, User
from tests.factories.cases import HOMESTEAD
from tests.factories.halls import GAOQIAO, UserFactory, person_in_post
from tests.seed import COUNTY, Seed

# The cases of the matrix are filed in 高桥村 of 太和乡; their bureau is 县民政局. "other" is another one of each.
ANONYMOUS, DISABLED = "anonymous", "disabled"
ROLES = (
    ANONYMOUS, DISABLED, "village_clerk", "village_head", "village_clerk_other", "window", "window_other", "examiner",
    "examiner_other", "approver", "approver_other", "director", "director_other", "station_clerk", "bureau_window",
    "bureau_examiner", "bureau_approver", "bureau_examiner_other", "bureau_approver_other", "county_window",
    "supervisor", "catalogue_editor", "bureau_editor", "administrator", "township_editor",
)  # fmt: skip
STAFF = frozenset(ROLES) - {ANONYMOUS, DISABLED}
OTHER_TOWNSHIP, OTHER_BUREAU = "500236001", f"{COUNTY}-RS"
COUNTY_DECIDED = "MZ-006"  # 孤儿基本生活费给付: reviewed in the township, decided by 县民政局
DONE_AT_ONCE = "MZ-017"  # 村(居)民委员会出具证明: the village itself, at the counter
MATTERS = {"homestead": HOMESTEAD, "county": COUNTY_DECIDED, "immediate": DONE_AT_ONCE}

_SEEDED = {
    "village_clerk": "village_clerk",
    "village_head": "village_head",
    "village_clerk_other": "neighbour_clerk",
    "window": "township_window",
    "examiner": "township_examiner",
    "approver": "township_approver",
    "director": "township_director",
    "station_clerk": "station_police_clerk",
    "bureau_window": "bureau_window",
    "bureau_examiner": "county_examiner",
    "bureau_approver": "county_approver",
    "county_window": "county_window",
    "supervisor": "supervisor",
    "catalogue_editor": "catalogue_editor",
    "bureau_editor": "bureau_editor",
    "administrator": "administrator",
    "township_editor": "township_catalogue",
}


def person(role: str, seed: Seed) -> User | None:
    """Return the person behind a role; nobody for the anonymous one."""
    if role == ANONYMOUS:
        return None
    if role == DISABLED:
        return _switched_off(seed)
    if role in _SEEDED:
        return seed.user(_SEEDED[role])
    kind = {"window": "window_clerk", "director": "supervisor"}.get(role.split("_")[-2], role.split("_")[-2])
    posts = Post.objects.filter(kind=kind)
    node: Hall | Department
    if role.startswith("bureau"):
        node = Department.objects.get(code=OTHER_BUREAU)
        return posts.filter(department=node).select_related("user")[0].user
    node = Hall.objects.get(code=OTHER_TOWNSHIP)
    return posts.filter(hall=node).select_related("user")[0].user


def _switched_off(seed: Seed) -> User:
    """A clerk of 高桥村 with all her posts, whose account was switched off."""
    user = person_in_post("village_clerk", seed.hall(GAOQIAO), user=UserFactory(username="switched-off"))  # type: ignore[arg-type]
    User.objects.filter(pk=user.pk).update(is_active=False)
    return User.objects.get(pk=user.pk)
