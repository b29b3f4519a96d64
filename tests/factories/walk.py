"""Walk a case through the seeded county with the people whose work it is."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING

from PIL import Image

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.deliver import Handing, deliver
from applications.actions.draft import draft
from applications.actions.fill import Particulars, fill_applicant
from applications.actions.grant import grant
from applications.actions.make_result import make_result
from applications.actions.pass_on import pass_on
from applications.actions.receive import receive
from applications.actions.resume import resume
from applications.actions.submit import submit
from applications.actions.suspend import suspend
from applications.domain.identity import resident_check_digit
from applications.models import Application
from halls.acting import Actor

if TYPE_CHECKING:
    from tests.seed import Seed

GAOQIAO = "500236272202"
HOMESTEAD = "NY-003"  # 农村村民宅基地审批: village, township, special procedures before and after the decision
_serials = itertools.count(1)


def an_id_number() -> str:
    """A made-up person of the impossible region 99, with a right check digit."""
    first = f"990000{1950 + next(_serials) % 50}0101{next(_serials) % 1000:03d}"
    return first + resident_check_digit(first)


def a_picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (240, 80), "white").save(kept, "PNG")
    return kept.getvalue()


class Walk:
    """The people of 太和, and the usual way of a 宅基地 case."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed

    def who(self, role: str) -> Actor:
        return self.seed.actor(role)

    def fresh(self, case: Application) -> Application:
        return Application.objects.get(pk=case.pk)

    def drafted(self, matter: str = HOMESTEAD, village: str = GAOQIAO, role: str = "village_clerk") -> Application:
        clerk = self.who(role)
        case = draft(actor=clerk, matter_code=matter, hall_code=village)
        fill_applicant(case.pk, Particulars("张大山", an_id_number(), "13800138000"), actor=clerk)
        return self.fresh(case)

    def submitted(self, matter: str = HOMESTEAD, village: str = GAOQIAO, role: str = "village_clerk") -> Application:
        return submit(self.drafted(matter, village, role).pk, actor=self.who(role))

    def received(self, matter: str = HOMESTEAD, role: str = "township_window") -> Application:
        return receive(self.submitted(matter).pk, actor=self.who(role))

    def accepted(self, matter: str = HOMESTEAD, role: str = "township_window") -> Application:
        case = self.received(matter, role)
        return accept(case.pk, self.all_ok(case), actor=self.who(role))

    def all_ok(self, case: Application) -> dict[int, Finding]:
        return {line.seq: Finding("ok") for line in case.materials.all()}

    def special(self, case: Application, role: str) -> Application:
        suspend(case.pk, actor=self.who(role), was_told=True)
        resume(case.pk, actor=self.who(role), note="无异议")
        return pass_on(case.pk, actor=self.who(role))

    def at_decision(self, role: str = "township_window") -> Application:
        """A 宅基地 case at its deciding step."""
        case = self.accepted(role=role)
        self.special(case, "village_clerk")
        pass_on(case.pk, actor=self.who("village_head"))
        pass_on(case.pk, actor=self.who("township_examiner"))
        return self.special(case, "township_examiner")

    def granted(self) -> Application:
        return grant(self.at_decision().pk, actor=self.who("township_approver"))

    def ready(self) -> Application:
        case = pass_on(self.granted().pk, actor=self.who("township_examiner"))
        return make_result(case.pk, actor=self.who("township_window"))

    def delivered(self) -> Application:
        return deliver(self.ready().pk, self.handing(), actor=self.who("township_window"))

    def handing(self) -> Handing:
        return Handing("counter", "张大山", "本人", a_picture())
