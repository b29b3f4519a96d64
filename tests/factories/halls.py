"""Halls, departments and people of a small county; `loaded_county` is the real one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from halls.actions.load_county import load_county
from halls.domain.duties import POST_LABELS, PostKind
from halls.models import Department, Division, Hall, Post, User
from halls.scopes import grant_posts

DATA = Path(__file__).resolve().parent.parent.parent / "data"
FENGJIE, XIXIU = "500236", "520402"
GAOQIAO, TAIHE = "500236272202", "500236272"
SETTLED = date(2026, 1, 5)


def loaded_county(code: str = FENGJIE) -> Hall:
    """Load a county from the data that ships; return its own hall."""
    load_county((DATA / f"divisions_{code}.csv").read_bytes(), today=SETTLED)
    return Hall.objects.get(code=code)


class DivisionFactory(DjangoModelFactory[Division]):
    class Meta:
        model = Division
        django_get_or_create = ("code",)

    level = "county"
    code = Sequence(lambda n: f"{900001 + n}")
    name = LazyAttribute(lambda division: f"示例{division.code}")


class HallFactory(DjangoModelFactory[Hall]):
    """A county's hall; `township` and `village` hang below a hall of their own unless `parent` is given."""

    class Meta:
        model = Hall

    class Params:
        township = Trait(tier="township", parent=SubFactory("tests.factories.halls.HallFactory"))
        village = Trait(tier="village", parent=SubFactory("tests.factories.halls.HallFactory", township=True))

    tier = "county"
    parent = None
    number = Sequence(lambda n: 1 + n % 999)
    code = LazyAttribute(
        lambda hall: f"{hall.parent.code}{hall.number:03d}" if hall.parent else f"{900000 + hall.number}"
    )
    path = LazyAttribute(lambda hall: f"{hall.parent.path if hall.parent else ''}{hall.code}/")
    short_name = LazyAttribute(lambda hall: f"示例{hall.code}")
    name = LazyAttribute(lambda hall: f"{hall.short_name}便民服务点")
    division = SubFactory(
        DivisionFactory,
        code=SelfAttribute("..code"),
        level=SelfAttribute("..tier"),
        parent=LazyAttribute(lambda d: d.factory_parent.parent.division if d.factory_parent.parent else None),
    )

    @classmethod
    def _create(cls, model_class, *args, number, **kwargs):
        return super()._create(model_class, *args, **kwargs)


class DepartmentFactory(DjangoModelFactory[Department]):
    """A county bureau; with `office` a township's office, with `station` a branch station of a bureau."""

    class Meta:
        model = Department

    class Params:
        office = Trait(kind="office", hall=SubFactory(HallFactory, township=True))
        station = Trait(
            kind="station",
            parent=SubFactory("tests.factories.halls.DepartmentFactory"),
            hall=SelfAttribute("parent.hall"),
        )

    kind = "bureau"
    parent = None
    hall = SubFactory(HallFactory)
    sign = Sequence(lambda n: f"D{n}")
    code = LazyAttribute(lambda department: f"{department.hall.code}-{department.sign}")
    organ = LazyAttribute(lambda department: f"县示例局{department.sign}")
    name = LazyAttribute(lambda department: f"{department.hall.short_name}示例局{department.sign}")
    path = LazyAttribute(lambda department: f"{(department.parent or department.hall).path}~{department.sign}/")

    @classmethod
    def _create(cls, model_class, *args, sign, **kwargs):
        return super()._create(model_class, *args, **kwargs)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = Sequence(lambda n: f"person{n}")
    full_name = Sequence(lambda n: f"示例人员{n}")
    person_code = Sequence(lambda n: f"P{n:05d}")


def person_in_post(kind: PostKind, node: Hall | Department, *, user: User | None = None) -> User:
    """Return a user who holds this post on the node, with the duties that go with it."""
    user = user or UserFactory.create()
    where = {"hall": node} if isinstance(node, Hall) else {"department": node}
    grant_posts([Post.objects.create(user=user, kind=kind, title=POST_LABELS[kind], starts_on=SETTLED, **where)])
    return user
