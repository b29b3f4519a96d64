"""Who works in the demonstration county: about a thousand people, a few of them with a password."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from pypinyin import lazy_pinyin

from applications.rehearsal.names import full_name
from halls.actions.appoint import Person, PostOrder
from halls.domain.duties import PostKind
from halls.domain.network import place_name
from halls.models import Department, Hall, Level, Window

SINCE = date(2023, 1, 1)
PREFERRED_VILLAGE = "500236272202"  # 太和土家族乡高桥村
PREFERRED_BUREAU = "MZ"  # 县民政局
STATIONS = {"ZRZY": "land", "GA": "police", "SCJG": "market"}
K = PostKind

VILLAGE_STAFF = (("clerk", "村代办员", K.VILLAGE_CLERK), ("head", "村（居）委会主任", K.VILLAGE_HEAD))
TOWNSHIP_STAFF = (
    ("window", "综合窗口受理员（A角）", K.WINDOW_CLERK),
    ("window-b", "综合窗口受理员（B角）", K.WINDOW_CLERK),
    ("examiner", "审查员", K.EXAMINER),
    ("approver", "首席代表", K.APPROVER),
    ("director", "便民服务中心主任", K.SUPERVISOR),
    # Writes what its hall and its villages say themselves: place, window, hours, phone, paused here.
    ("catalogue", "事项管理员", K.CATALOGUE_EDITOR),
)
BUREAU_STAFF = (
    ("window", "窗口受理出件员", K.WINDOW_CLERK),
    ("examiner", "审查员", K.EXAMINER),
    ("approver", "首席代表", K.APPROVER),
    ("catalogue", "事项管理员", K.CATALOGUE_EDITOR),
)
STATION_STAFF = (
    ("clerk", "窗口受理员兼审查员", (K.WINDOW_CLERK, K.EXAMINER)),
    ("approver", "所长", K.APPROVER),
)
COUNTY_STAFF = (
    ("window", "综合窗口受理员（A角）", K.WINDOW_CLERK),
    ("window-b", "综合窗口受理员（B角）", K.WINDOW_CLERK),
    # For cases filed at the county itself: what a village or township would do for others falls to this hall.
    ("examiner", "审查员", K.EXAMINER),
    ("approver", "首席代表", K.APPROVER),
    # One issues a card by hand, another confirms it, a third decides about the appeal.
    ("supervisor", "政务服务监察员", K.SUPERVISOR),
    ("supervisor-b", "政务服务监察员", K.SUPERVISOR),
    ("supervisor-c", "政务服务监察员", K.SUPERVISOR),
    ("catalogue", "事项管理员", K.CATALOGUE_EDITOR),
    ("catalogue-b", "事项审核员", K.CATALOGUE_EDITOR),  # a guide is published by two persons
    ("admin", "系统管理员", K.ADMINISTRATOR),
)


@dataclass(frozen=True)
class DemoPlace:
    """Where the demo accounts work: a village, its township, the stations serving it, one bureau."""

    village: Hall
    neighbour: Hall
    township: Hall
    stations: dict[str, Department]
    bureau: Department


@dataclass(frozen=True)
class Member:
    """A person of the county; `role` is set for those whom a visitor may log in as."""

    person: Person
    hall_code: str
    place: str
    role: str = ""


def demo_place(county: Hall) -> DemoPlace:
    """Return the preferred village's surroundings, or those of the county's first village."""
    villages = Hall.objects.filter(path__startswith=county.path, tier=Level.VILLAGE, retired_on__isnull=True)
    village = villages.filter(code=PREFERRED_VILLAGE).first() or villages.order_by("code").first()
    assert village is not None  # a county without a village has nothing to show
    assert village.parent is not None
    neighbours = villages.filter(parent=village.parent).exclude(pk=village.pk).order_by("code")
    stations = village.parent.served_by.filter(retired_on__isnull=True).order_by("code")
    bureaus = Department.objects.filter(hall=county, kind=Department.Kind.BUREAU).order_by("code")
    bureau = bureaus.filter(code__endswith=f"-{PREFERRED_BUREAU}").first() or bureaus.first()
    assert bureau is not None
    return DemoPlace(
        village=village,
        neighbour=neighbours.filter(code__gt=village.code).first() or neighbours.first() or village,
        township=village.parent,
        stations={name: d for code, name in STATIONS.items() for d in stations if f"-{code}" in d.code},
        bureau=bureau,
    )


def everybody(county: Hall) -> list[Member]:
    """Return every person of the county, the same ones at every call; nothing is written."""
    place = demo_place(county)
    return [
        *_hall_people(county, Level.VILLAGE, VILLAGE_STAFF, _village_names(place)),
        *_hall_people(county, Level.TOWNSHIP, TOWNSHIP_STAFF, _township_names(place)),
        *_department_people(county, place),
        *_hall_people(county, Level.COUNTY, COUNTY_STAFF, _county_names(county)),
    ]


# Usernames and roles of the demo accounts, by (code of hall or department, desk). They are what a visitor types.
Names = dict[tuple[str, str], tuple[str, str]]


def pinyin(name: str) -> str:
    return "".join(lazy_pinyin(name))


def _village_names(place: DemoPlace) -> Names:
    names: Names = {}
    for hall, role in ((place.neighbour, "neighbour"), (place.village, "village")):
        short = pinyin(hall.short_name.removesuffix("村").removesuffix("社区"))
        names[hall.code, "clerk"] = (short, f"{role}_clerk")
        names[hall.code, "head"] = (f"{short}-head", f"{role}_head")
    return names


def _township_names(place: DemoPlace) -> Names:
    short, code = pinyin(place_name(place.township.short_name)), place.township.code
    return {(code, desk): (f"{short}-{desk}", f"township_{desk.replace('-', '_')}") for desk, *_ in TOWNSHIP_STAFF}


def _department_names(place: DemoPlace) -> Names:
    short = pinyin(place_name(place.township.short_name))
    names: Names = {}
    for kind, station in place.stations.items():
        for desk, *_ in STATION_STAFF:
            names[station.code, desk] = (f"{short}-{kind}-{desk}", f"station_{kind}_{desk}")
    bureau = pinyin(place.bureau.organ.removeprefix("县").removesuffix("局"))
    roles = {
        "window": "bureau_window",
        "examiner": "county_examiner",
        "approver": "county_approver",
        "catalogue": "bureau_editor",
    }
    return names | {(place.bureau.code, desk): (f"{bureau}-{desk}", roles[desk]) for desk, *_ in BUREAU_STAFF}


def _county_names(county: Hall) -> Names:
    roles = {
        "window": ("county-window", "county_window"),
        "supervisor": ("supervisor", "supervisor"),
        "supervisor-b": ("supervisor-b", "supervisor_b"),
        "supervisor-c": ("supervisor-c", "supervisor_c"),
        "catalogue": ("catalogue", "catalogue_editor"),
        "catalogue-b": ("catalogue-b", "catalogue_approver"),
        "admin": ("admin", "administrator"),
    }
    return {(county.code, desk): name for desk, name in roles.items()}


def _hall_people(county: Hall, tier: str, staff: Sequence[tuple[str, str, PostKind]], names: Names) -> Iterator[Member]:
    halls = Hall.objects.filter(path__startswith=county.path, tier=tier, retired_on__isnull=True).order_by("code")
    windows = {(w.hall_id, w.number): w for w in Window.objects.filter(hall__in=halls)}
    for hall in halls:
        for desk, title, kind in staff:
            number = {"window": 1, "window-b": 2, "clerk": 1}.get(desk, 0)
            orders = (
                PostOrder(
                    kind, title, SINCE,
                    hall=hall, window=windows.get((hall.pk, number)), backs_up=_first_of(hall.code, desk, names),
                ),
            )  # fmt: skip
            yield _member(hall.code, desk, orders, names, hall_code=hall.code, place=hall.name)


def _first_of(code: str, desk: str, names: Names) -> str:
    """Whom a desk stands in for: the B 角 of a window for its A 角, the village head for the clerk."""
    first = {"window-b": "window", "head": "clerk"}.get(desk)
    return _username(code, first, names) if first else ""


def _department_people(county: Hall, place: DemoPlace) -> Iterator[Member]:
    names = _department_names(place)
    departments = Department.objects.filter(hall=county, retired_on__isnull=True).order_by("code")
    for department in departments:
        is_station = department.kind == Department.Kind.STATION
        for desk, title, kind in STATION_STAFF if is_station else BUREAU_STAFF:
            kinds = kind if isinstance(kind, tuple) else (kind,)
            orders = tuple(PostOrder(one, title, SINCE, department=department) for one in kinds)
            yield _member(department.code, desk, orders, names, hall_code=county.code, place=department.name)


def _username(code: str, desk: str, names: Names) -> str:
    return names[code, desk][0] if (code, desk) in names else f"{code}-{desk}".lower()


def _member(code: str, desk: str, orders: tuple[PostOrder, ...], names: Names, *, hall_code: str, place: str) -> Member:
    random = Random(f"{code}/{desk}")  # noqa: S311 - the same invented people every time
    role = names[code, desk][1] if (code, desk) in names else ""
    person = Person(
        username=_username(code, desk, names),
        full_name=full_name(random, is_male=random.random() < 0.55),
        person_code=f"{code}-{desk}".upper(),
        posts=orders,
        is_demo=bool(role),
    )
    return Member(person, hall_code, place, role)
