"""A small county whose cases are moved by the real actions, at moments the test chooses."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import connection

from applications.actions.accept import accept
from applications.actions.decline import decline
from applications.actions.deliver import Handing, deliver
from applications.actions.file_application import Filing, file_application
from applications.actions.fill import Particulars
from applications.actions.grant import grant
from applications.actions.load_card_rules import load_card_rules
from applications.actions.make_result import make_result
from applications.actions.pass_on import pass_on
from applications.actions.receive import receive
from applications.actions.step_back import step_back
from applications.actions.suspend import suspend
from applications.actions.withdraw import withdraw
from applications.models import Application, Clock
from halls.acting import SYSTEM_USERNAME, Actor, acting_user
from halls.domain.duties import PostKind
from halls.domain.worktime import SHANGHAI
from halls.models import Department, Hall, User
from matters.models import Matter, Step
from matters.selectors.timeout import is_renewal_guide
from supervision.actions.load_ladder import load_ladder
from tests.factories.halls import DATA, DepartmentFactory, HallFactory, UserFactory, person_in_post
from tests.factories.matters import MatterFactory

APPLICANT = Particulars(name="王小示", id_number="11010519491231002X", phone="13800138000")
CENTRE = "乡镇(街道)便民服务中心"


def at(moment: str) -> datetime:
    """Make it that moment (Shanghai time) for every act from now on, on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('halls.at', %s, false)", [f"{moment}+08" if moment else ""])
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI) if moment else datetime.now(SHANGHAI)


def settle_clock() -> None:
    """Make the clock of acts the database's own again, as the migration left it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION halls_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE "
            "AS $$ SELECT clock_timestamp() $$"
        )


@dataclass
class County:
    """County hall, two townships with a village each, a bureau with a station, and their people."""

    hall: Hall
    bureau: Department
    station: Department
    townships: list[Hall] = field(default_factory=list)
    villages: list[Hall] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)
    serial: int = 0
    permit_end: date = date(2026, 3, 31)  # of the permit in hand, where a matter renews one

    @classmethod
    def build(cls) -> County:
        call_command("load_calendar", str(DATA / "calendar" / "2026.json"), stdout=io.StringIO())
        call_command("settle_calendar", stdout=io.StringIO())
        call_command("allow_time_travel")
        load_card_rules(json.loads((DATA / "card_rules" / "default.json").read_text(encoding="utf-8")))
        load_ladder(json.loads((DATA / "ladder.json").read_text(encoding="utf-8")))
        hall: Any = HallFactory(short_name="示例县", name="示例县政务服务中心")
        bureau: Any = DepartmentFactory(hall=hall, name="示例局")
        station: Any = DepartmentFactory(station=True, parent=bureau, hall=hall, name="示例局东片所")
        county = cls(hall, bureau, station)
        for name in ("东乡", "西镇"):
            township: Any = HallFactory(township=True, parent=hall, short_name=name, name=f"{name}便民服务中心")
            village: Any = HallFactory(village=True, parent=township, short_name=f"{name}一村")
            county.townships.append(township)
            county.villages.append(village)
        station.serves.add(county.townships[0])
        county._hire()
        return county

    def _hire(self) -> None:
        hire = partial(person_in_post)
        for number, (township, village) in enumerate(zip(self.townships, self.villages, strict=True)):
            self.people[f"clerk{number}"] = hire(PostKind.VILLAGE_CLERK, village)
            self.people[f"window{number}"] = hire(PostKind.WINDOW_CLERK, township)
            self.people[f"examiner{number}"] = hire(PostKind.EXAMINER, township)
            self.people[f"approver{number}"] = hire(PostKind.APPROVER, township)
            self.people[f"director{number}"] = hire(PostKind.SUPERVISOR, township)
        self.people["bureau_examiner"] = hire(PostKind.EXAMINER, self.bureau)
        self.people["bureau_approver"] = hire(PostKind.APPROVER, self.bureau)
        self.people["bureau_director"] = hire(PostKind.SUPERVISOR, self.bureau)
        self.people["county_window"] = hire(PostKind.WINDOW_CLERK, self.hall)
        self.people["supervisor"] = hire(PostKind.SUPERVISOR, self.hall)
        system: Any = User.objects.filter(username=SYSTEM_USERNAME).first()
        system = system or UserFactory(username=SYSTEM_USERNAME, full_name="系统")
        self.people["system"] = hire(PostKind.SYSTEM, self.hall, user=system)

    def actor(self, name: str) -> Actor:
        return acting_user(User.objects.get(pk=self.people[name].pk))

    def matter(self, *, promised: int = 5, steps: list[dict[str, Any]] | None = None, **guide: Any) -> Matter:
        """A matter; `steps` replaces the two of the factory (the township accepts, the township decides)."""
        options = {f"current__{name}": value for name, value in guide.items()}
        accept_levels = ["village", "township", "county"]
        matter: Any = MatterFactory(
            department=self.bureau, current__promised_days=promised, current__accept_levels=accept_levels, **options
        )
        if steps is not None:
            Step.objects.filter(version=matter.current).delete()
            base: dict[str, Any] = {
                "level": "township",
                "actor": CENTRE,
                "unit": "wd",
                "days": 1,
                "counts_in_limit": True,
            }
            Step.objects.bulk_create(
                Step(version=matter.current, seq=seq, name=f"环节{seq}", **{"counts_in_limit": True, **base, **step})
                for seq, step in enumerate(steps, start=1)
            )
        made: Matter = matter
        return made

    def special_matter(self, *, days: int = 5, unit: str = "wd", promised: int = 10) -> Matter:
        """Accept, a special procedure that does not count, decide: all in the township."""
        steps: list[dict[str, Any]] = [
            {"kind": "accept"},
            {"kind": "special", "days": days, "unit": unit, "counts_in_limit": False},
            {"kind": "decide", "days": promised - 1},
        ]
        return self.matter(promised=promised, steps=steps)

    def bureau_matter(self, *, promised: int = 10) -> Matter:
        """The township accepts, the bureau examines and decides."""
        desk = {"level": "county", "actor": self.bureau.organ}
        steps: list[dict[str, Any]] = [
            {"kind": "accept"},
            {"kind": "review", "days": 4, **desk},
            {"kind": "decide", "days": 5, **desk},
        ]
        return self.matter(promised=promised, steps=steps)

    # --- a case and its verbs ---------------------------------------------------------------------------------------

    def filed(self, matter: Matter, place: int = 0) -> Application:
        self.serial += 1
        assert matter.current is not None
        ends = self.permit_end if is_renewal_guide(matter.current) else None
        filing = Filing(matter.code, self.villages[place].code, APPLICANT, permit_expires_on=ends)
        return file_application(filing, key=f"test-key-{self.serial:06d}", actor=self.actor(f"clerk{place}"))

    def received(self, matter: Matter, place: int = 0) -> Application:
        case = self.filed(matter, place)
        return receive(case.pk, actor=self.actor(f"window{place}"))

    def accepted(self, matter: Matter, place: int = 0) -> Application:
        case = self.received(matter, place)
        return accept(case.pk, {}, actor=self.actor(f"window{place}"))

    def suspended(self, matter: Matter, place: int = 0) -> Application:
        case = self.accepted(matter, place)
        return suspend(case.pk, actor=self.actor(f"examiner{place}"), was_told=True)

    def granted(self, case: Application, place: int = 0) -> Application:
        return grant(case.pk, actor=self.actor(f"approver{place}"))

    def delivered(self, case: Application, place: int = 0) -> Application:
        window = self.actor(f"window{place}")
        make_result(case.pk, actor=window)
        return deliver(case.pk, Handing(way="post", receiver="王小示", tracking_number="X1"), actor=window)

    def passed_on(self, case: Application, who: str) -> Application:
        return pass_on(case.pk, actor=self.actor(who))

    def stepped_back(self, case: Application, who: str) -> Application:
        return step_back(case.pk, actor=self.actor(who), reason="请补充核实")

    def withdrawn(self, case: Application, place: int = 0) -> Application:
        return withdraw(case.pk, actor=self.actor(f"clerk{place}"), reason="申请人不再申请")

    def declined(self, case: Application, place: int = 0) -> Application:
        window = self.actor(f"window{place}")
        ground, reason = "not_competent", "不属于受理范围"
        return decline(case.pk, actor=window, reason=reason, reason_class=ground, competent_organ="示例局")


def clock_of(case: Application, kind: str) -> Clock:
    """The newest clock of a kind."""
    return Clock.objects.filter(application=case, kind=kind).latest("pk")
