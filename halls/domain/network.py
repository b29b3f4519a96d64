"""What a county's code list means for its halls: names, paths, windows, departments, branch stations.

Everything follows from the code list and from one scheme (data/departments.json), so that any county
of the country can be set up without typing a single department.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from halls.domain.division_file import DivisionRow

COUNTY, TOWNSHIP, VILLAGE = "county", "township", "village"
HALL_SUFFIX = {COUNTY: "政务服务中心", TOWNSHIP: "便民服务中心", VILLAGE: "便民服务点"}
WINDOWS: dict[str, tuple[str, ...]] = {
    COUNTY: ("comprehensive", "comprehensive", "issuing"),
    TOWNSHIP: ("comprehensive", "issuing"),
    VILLAGE: ("comprehensive",),
}
# The nationalities after which a township may be named.
_NATIONALITIES = (
    "维吾尔|乌孜别克|柯尔克孜|俄罗斯|哈萨克|塔吉克|塔塔尔|鄂伦春|鄂温克|达斡尔|布依|朝鲜|土家|哈尼|傈僳|东乡|纳西|景颇|"
    "仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|保安|裕固|独龙|赫哲|门巴|珞巴|基诺|德昂|高山|拉祜|蒙古|"
    "回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京"
)
_ETHNIC = re.compile(f"(?<=.)(?:(?:{_NATIONALITIES})族)+乡$")


@dataclass(frozen=True, slots=True)
class DepartmentKind:
    """A bureau or an office that every county or township has. `organ` is what the guides call it."""

    code: str
    organ: str
    name: str


@dataclass(frozen=True, slots=True)
class StationKind:
    """A kind of branch station: `count` of them for every `per_townships` townships."""

    bureau: str
    organ: str
    name: str
    count: int
    per_townships: int


@dataclass(frozen=True, slots=True)
class Scheme:
    bureaus: tuple[DepartmentKind, ...]
    offices: tuple[DepartmentKind, ...]
    stations: tuple[StationKind, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Scheme:
        """Build it from the parsed data/departments.json."""
        return cls(
            bureaus=tuple(DepartmentKind(**kind) for kind in data["bureaus"]),
            offices=tuple(DepartmentKind(**kind) for kind in data["offices"]),
            stations=tuple(StationKind(**kind) for kind in data["stations"]),
        )


@dataclass(frozen=True, slots=True)
class HallPlan:
    code: str
    name: str
    short_name: str
    tier: str
    parent_code: str
    path: str


@dataclass(frozen=True, slots=True)
class DepartmentPlan:
    code: str
    name: str
    organ: str
    kind: str
    hall_code: str
    parent_code: str
    path: str


@dataclass(frozen=True, slots=True)
class StationArea:
    """A station and the townships it serves, the one it is named after first."""

    kind: StationKind
    number: int
    townships: tuple[str, ...]


def short_name(name: str) -> str:
    """Return what people say for a village: 高桥村村民委员会 is 高桥村, 同心村民委员会 is 同心村."""
    for ending, kept in (("村村民委员会", "村"), ("村民委员会", "村"), ("社区居民委员会", "社区")):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending) + kept
    return name.removesuffix("居民委员会") + "居委会" if name.endswith("居民委员会") else name


def place_name(township: str) -> str:
    """Return a township's bare name: 太和土家族乡 is 太和, 白帝镇 is 白帝."""
    place = _ETHNIC.sub("", township)
    for ending in ("街道", "镇", "乡"):
        if place == township and place.endswith(ending) and len(place) > len(ending) + 1:
            return place.removesuffix(ending)
    return place


def hall_path(code: str) -> str:
    """Return the materialised path of a hall: the codes from the county down, each followed by "/"."""
    return "".join(f"{code[:length]}/" for length in (6, 9, 12) if length <= len(code))


def plan_halls(rows: Iterable[DivisionRow]) -> tuple[HallPlan, ...]:
    halls = []
    for row in rows:
        short = short_name(row.name)
        parent = "" if row.level == COUNTY else row.parent_code
        halls.append(HallPlan(row.code, short + HALL_SUFFIX[row.level], short, row.level, parent, hall_path(row.code)))
    return tuple(halls)


def plan_departments(halls: Sequence[HallPlan], scheme: Scheme) -> tuple[DepartmentPlan, ...]:
    """Return the county's bureaus and, for each township, its offices."""
    county = next(hall for hall in halls if hall.tier == COUNTY)
    plans = [_department(county, kind, "bureau") for kind in scheme.bureaus]
    for township in (hall for hall in halls if hall.tier == TOWNSHIP):
        plans += [_department(township, kind, "office") for kind in scheme.offices]
    return tuple(plans)


def _department(hall: HallPlan, kind: DepartmentKind, category: str) -> DepartmentPlan:
    return DepartmentPlan(
        code=f"{hall.code}-{kind.code}",
        name=hall.short_name + kind.name,
        organ=kind.organ,
        kind=category,
        hall_code=hall.code,
        parent_code="",
        path=f"{hall.path}~{kind.code}/",
    )


def divide(townships: Sequence[str], kind: StationKind) -> tuple[StationArea, ...]:
    """Divide the townships of a new county, in order of code, into areas of one to three neighbours."""
    total = len(townships)
    wanted = min(total, max(1, -(-total // 3), round(total * kind.count / kind.per_townships))) if total else 0
    areas, start = [], 0
    for index in range(wanted):
        size = total // wanted + (1 if index < total % wanted else 0)
        areas.append(StationArea(kind, index + 1, tuple(townships[start : start + size])))
        start += size
    return tuple(areas)


def adopt(townships: Iterable[str], areas: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each existing station (code -> townships served) the new townships it takes on.

    Stations are divided once; later a new township joins the station of the township before it in
    the code list, so that nobody's station moves because a code was added elsewhere.
    """
    station_of = {township: station for station, served in areas.items() for township in served}
    taken: dict[str, list[str]] = {}
    station = min(areas)
    for township in sorted(townships):
        if township in station_of:
            station = station_of[township]
        else:
            taken.setdefault(station, []).append(township)
    return {station: tuple(found) for station, found in taken.items()}


def plan_station(area: StationArea, county: HallPlan, scheme: Scheme, names: Mapping[str, str]) -> DepartmentPlan:
    """Return the row of a station, named after the first township it serves; `names` maps code to name."""
    bureau = next(kind for kind in scheme.bureaus if kind.code == area.kind.bureau)
    return DepartmentPlan(
        code=f"{county.code}-{bureau.code}{area.number:02d}",
        name=county.short_name + bureau.name + place_name(names[area.townships[0]]) + area.kind.name,
        organ=area.kind.organ,
        kind="station",
        hall_code=county.code,
        parent_code=f"{county.code}-{bureau.code}",
        path=f"{county.path}~{bureau.code}/~{bureau.code}{area.number:02d}/",
    )
