"""What a rule of the policy is, and the circles of people the rules speak of.

A rule names a route, a method and the case it is tried on. `sees`: to everybody else the address does not exist.
`may`: the others who see it are told that it is not their work.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.policy.people import ANONYMOUS, DISABLED, STAFF

Roles = frozenset[str]


def roles(*names: str) -> Roles:
    return frozenset(names)


VILLAGE = roles("village_clerk", "village_head")
# Whoever files, accepts or issues at or above 高桥村.
FILING = VILLAGE | roles("window", "county_window")
ACCEPTING = roles("window", "county_window")
WATCHING = roles("director", "supervisor")
TOWNSHIP_CASE = FILING | WATCHING | roles("examiner", "approver")
# A county-decided case passes 县民政局.
COUNTY_CASE = TOWNSHIP_CASE | roles("bureau_window", "bureau_examiner", "bureau_approver")
VILLAGE_STEP = VILLAGE | roles("examiner")
FILING_SOMEWHERE = FILING | roles("village_clerk_other", "window_other")
AT_WORK = (
    STAFF - WATCHING - roles("director_other", "catalogue_editor", "bureau_editor", "administrator", "township_editor")
)
# Whoever has business in cases, at work or watching.
IN_CASES = STAFF - roles("catalogue_editor", "bureau_editor", "administrator", "township_editor")
# The county's editor, and 县民政局's for its own matters.
EDITING = roles("catalogue_editor", "bureau_editor")
# Beside them the townships' editors, who read the catalogue and write what their halls say themselves.
READING_MATTERS = EDITING | roles("township_editor")
LOCAL = roles("catalogue_editor", "township_editor")
UNKNOWN = roles(ANONYMOUS, DISABLED)


@dataclass(frozen=True)
class Rule:
    route: str
    method: str
    case: str = ""
    sees: Roles = STAFF
    may: Roles = STAFF
    ok: str = "200"
    barred: str = "403"
    except_for: tuple[tuple[str, str], ...] = ()  # single roles with an answer of their own
    unknown: str = ""  # what somebody without a working login gets; "" for the usual

    def expected(self, role: str) -> str:
        if role in UNKNOWN:
            return self.unknown or ("401" if self.route.startswith("api_") else "login")
        if role in dict(self.except_for):
            return dict(self.except_for)[role]
        if role not in self.sees:
            return "404"
        return self.ok if role in self.may else self.barred


def opened(route: str, method: str = "GET", case: str = "", *, ok: str = "200", staff: str = "") -> Rule:
    """Open to everybody; `staff` where people at work are sent elsewhere."""
    return Rule(route, method, case, ok=staff or ok, unknown=ok)


def duty(route: str, may: Roles, method: str = "GET", *, ok: str = "200", case: str = "") -> Rule:
    """A page of one duty."""
    return Rule(route, method, case, may=may, ok=ok)


def read(route: str, case: str, sees: Roles = TOWNSHIP_CASE, method: str = "GET") -> Rule:
    """Shown to everybody who sees the case."""
    return Rule(route, method, case, sees=sees, may=sees)


def act(
    route: str, case: str, may: Roles, method: str = "POST", *, sees: Roles = TOWNSHIP_CASE, ok: str = "200"
) -> Rule:
    return Rule(route, method, case, sees=sees, may=may, ok=ok)
