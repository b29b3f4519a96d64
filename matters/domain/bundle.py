"""一件事: several matters asked for at once. What they need together, in which order, and how long it takes. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from matters.domain.catalogue import MaterialRecord, MatterRecord

# Papers that several people each have one of.
OF_PEOPLE = ("居民身份证", "居民户口簿")
RELATED = 0  # the stage of members that are only recommended


@dataclass(frozen=True, slots=True)
class Member:
    """`stage` from 1, members of one stage run side by side; RELATED members stand beside. `condition`: for whom."""

    code: str
    stage: int
    is_optional: bool
    condition: str


@dataclass(frozen=True, slots=True)
class Dependency:
    """The result of one member is a material of another."""

    result_of: str
    material: str
    used_by: str


@dataclass(frozen=True, slots=True)
class BundleRecord:
    code: str
    name: str
    lead: str
    service_objects: tuple[str, ...]
    accept_levels: tuple[str, ...]
    form: str
    conditions: tuple[str, ...]
    members: tuple[Member, ...]
    shared_materials: tuple[str, ...]
    dependencies: tuple[Dependency, ...]
    promised_days: int | None
    promised_note: str
    stops: tuple[str, ...]
    sources: tuple[dict[str, str], ...]
    notes: str

    @property
    def content_hash(self) -> str:
        content = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def stages(self) -> tuple[int, ...]:
        return tuple(sorted({member.stage for member in self.members} - {RELATED}))


@dataclass(frozen=True, slots=True)
class MergedMaterial:
    """A material of the bundle: handed in once, for all members that ask for it.

    `made_by`: the member whose result it is, so that nobody brings it; "" for all others.
    """

    material: MaterialRecord
    needed_by: tuple[str, ...]
    made_by: str


@dataclass(frozen=True, slots=True)
class Packed:
    """One line of what to pack. `lines`: whose paper it is ("" where no guide says), and what is asked for."""

    name: str
    lines: tuple[tuple[str, MergedMaterial], ...]

    @property
    def is_brought(self) -> bool:
        return not self.lines[0][1].made_by


def cycle_of(dependencies: Iterable[Dependency]) -> tuple[str, ...]:
    """Return the members of one circle of dependencies, in order; empty when there is none."""
    after: dict[str, list[str]] = {}
    for one in dependencies:
        after.setdefault(one.result_of, []).append(one.used_by)
    free: set[str] = set()  # nothing that follows them leads back to them
    circles = (_circle(code, (), after, free) for code in list(after))
    return next((circle for circle in circles if circle), ())


def _circle(code: str, path: tuple[str, ...], after: Mapping[str, list[str]], free: set[str]) -> tuple[str, ...]:
    if code in path:
        return path[path.index(code) :]
    if code not in free:
        for follower in after.get(code, ()):
            circle = _circle(follower, (*path, code), after, free)
            if circle:
                return circle
        free.add(code)
    return ()


def out_of_order(record: BundleRecord) -> tuple[Dependency, ...]:
    """Return the dependencies whose result comes no earlier than it is needed: same stage, or a later one."""
    stage = {member.code: member.stage for member in record.members}
    return tuple(
        one
        for one in record.dependencies
        if stage.get(one.result_of, RELATED) and stage.get(one.used_by, RELATED)
        and stage[one.result_of] >= stage[one.used_by]
    )  # fmt: skip


def chosen_members(record: BundleRecord, wanted: Collection[str]) -> tuple[Member, ...]:
    """Return the members that take part: all that must, and the optional and related ones that are wanted."""
    return tuple(
        member
        for member in record.members
        if member.code in wanted or (member.stage != RELATED and not member.is_optional)
    )


def limit_of(members: Sequence[Member], days: Mapping[str, int]) -> int:
    """Return the working days that the whole takes: stages one after the other, each as long as its longest member."""
    longest: dict[int, int] = {}
    for member in members:
        stage = member.stage or 1  # what only stands beside begins with the first
        longest[stage] = max(longest.get(stage, 0), days.get(member.code, 0))
    return sum(longest.values())


def merged_materials(
    record: BundleRecord, members: Sequence[Member], guides: Mapping[str, MatterRecord]
) -> tuple[MergedMaterial, ...]:
    """Return one list for all members: each material once, with the most copies that anybody asks for.

    What is the result of a member that takes part is not asked for.
    """
    taking_part = {member.code for member in members}
    made = [
        (one.used_by, plain(one.material), guides[one.result_of].name)
        for one in record.dependencies
        if one.result_of in taking_part and one.result_of in guides
    ]
    found: dict[tuple[str, str], tuple[MaterialRecord, list[str], str]] = {}
    for member in members:
        guide = guides.get(member.code)
        for material in guide.materials if guide else ():
            assert guide is not None
            name = plain(material.name)
            maker = next((who for user, what, who in made if user == member.code and what and what in name), "")
            key = (name, maker)
            if key in found:
                kept, names, _ = found[key]
                found[key] = (stricter(kept, material), [*names, guide.name], maker)
            else:
                found[key] = (material, [guide.name], maker)
    merged = [MergedMaterial(material, tuple(names), maker) for material, names, maker in found.values()]
    shared = {plain(name) for name in record.shared_materials}
    return tuple(sorted(merged, key=lambda one: (bool(one.made_by), plain(one.material.name) not in shared)))


def packed(materials: Iterable[MergedMaterial]) -> tuple[Packed, ...]:
    """Return the list as one packs it: the same paper of several people is one line, and each of them stands below.

    What is made on the way stays by itself: nobody packs it.
    """
    found: dict[tuple[str, str], list[tuple[str, MergedMaterial]]] = {}
    for one in materials:
        name = plain(one.material.name)
        paper = "" if one.made_by else next((kind for kind in OF_PEOPLE if name.endswith(kind)), "")
        key = (paper, "") if paper else (one.material.name, one.made_by)
        found.setdefault(key, []).append((name.removesuffix(paper) if paper else "", one))
    return tuple(
        Packed(name if len(lines) > 1 else lines[0][1].material.name, tuple(lines))
        for (name, _made_by), lines in found.items()
    )


def plain(name: str) -> str:
    """Return the name of a material without brackets, blanks and the word for the form it comes in."""
    name = re.sub(r"[（(][^（）()]*[）)]", "", name)
    return re.sub(r"\s|原件|复印件|及|、$", "", name)


def stricter(one: MaterialRecord, other: MaterialRecord) -> MaterialRecord:
    """Return what satisfies both: the most originals and copies, required if either says so."""
    order = ("required", "tolerant", "by_circumstance")
    lead = min((one, other), key=lambda material: order.index(material.necessity))
    return MaterialRecord(
        **{
            **asdict(lead),
            "originals": max(one.originals, other.originals),
            "copies": max(one.copies, other.copies),
            "view_original": one.view_original or other.view_original,
        }
    )
