"""Matters with a published guide; `loaded_catalogue` is the real one."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from matters.actions._search_text import full_pinyin, search_text
from matters.actions.import_matters import ImportReport, import_matters
from matters.models import Matter, MatterVersion, Step
from tests.factories.halls import DATA, DepartmentFactory

PUBLISHED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
RECORDS: list[dict[str, Any]] = json.loads((DATA / "matters.json").read_text(encoding="utf-8"))


def loaded_catalogue() -> ImportReport:
    """Import the 133 matters that ship; a county must be loaded."""
    return import_matters((DATA / "matters.json").read_bytes())


def record(code: str = "NY-003", **changes: Any) -> dict[str, Any]:
    """Return a copy of a record of the catalogue file, with changes to its top level."""
    found = next(item for item in RECORDS if item["id"] == code)
    return copy.deepcopy(found) | changes


def as_file(*records: Any) -> bytes:
    return json.dumps(records, ensure_ascii=False).encode()


class MatterFactory(DjangoModelFactory[Matter]):
    """A matter with a guide of one version; `immediate` is done at once, `paused` takes nothing in."""

    class Meta:
        model = Matter
        skip_postgeneration_save = True

    class Params:
        paused = Trait(paused_on=PUBLISHED.date())

    code = Sequence(lambda n: f"XX-{n:03d}")
    name = Sequence(lambda n: f"示例事项{n}")
    theme = "综合服务"
    department = SubFactory(DepartmentFactory)
    sort_key = LazyAttribute(lambda matter: full_pinyin(matter.name))
    search_text = LazyAttribute(lambda matter: search_text(matter.name, (), matter.theme, matter.department.organ))

    @post_generation
    def current(matter: Matter, create: bool, extracted: None, **guide: Any) -> None:  # noqa: N805
        version = GuideFactory.create(matter=matter, **guide)
        Matter.objects.filter(pk=matter.pk).update(current=version)
        matter.current = version


class GuideFactory(DjangoModelFactory[MatterVersion]):
    """A guide version with two steps: the township accepts, the township decides."""

    class Meta:
        model = MatterVersion
        skip_postgeneration_save = True

    class Params:
        immediate = Trait(handling="immediate", promised_days=0)

    matter = SubFactory(MatterFactory)
    number = 1
    content_hash = "0" * 64
    published_at = PUBLISHED
    name = SelfAttribute("matter.name")
    kind = "公共服务"
    theme = SelfAttribute("matter.theme")
    decision_level = "township"
    accept_levels = LazyFunction(lambda: ["village", "township"])
    village_role = "proxy"
    service_objects = LazyFunction(lambda: ["自然人"])
    handling = "promised"
    promised_days = 5
    promised_basis = "curated"

    @post_generation
    def steps(version: MatterVersion, create: bool, extracted: None, **kwargs: Any) -> None:  # noqa: N805
        days = version.promised_days
        centre = "乡镇(街道)便民服务中心"
        for seq, (kind, took) in enumerate((("accept", min(1, days)), ("decide", max(0, days - 1))), start=1):
            Step.objects.create(
                version=version, seq=seq, name="受理" if seq == 1 else "决定", level="township", actor=centre,
                kind=kind, days=took, unit="wd", counts_in_limit=True,
            )  # fmt: skip
