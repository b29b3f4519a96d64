"""What is to become of a case: who asks for what, where, when, and how its people take their time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from applications.models import Application
from applications.rehearsal.office_hours import DAY_MINUTES
from halls.models import Hall, Level
from matters.models import Matter

# What villagers of such a county come for most, the most frequent first; all other core matters follow.
FREQUENT = (
    "RS-006", "YB-001", "MZ-017", "RS-003", "RS-001", "YB-004", "MZ-008", "CZ-001", "MZ-001", "NY-003", "RS-010",
    "GA-009", "MZ-004", "SJ-001", "NY-012", "YB-003", "MZ-011", "CL-001", "GA-003", "NY-001", "RS-005", "ZR-001",
    "WJ-001", "MZ-012", "ZJ-002", "YB-007", "LY-002", "MZ-006", "GD-001", "GA-001", "NY-008", "RS-011", "SF-002",
)  # fmt: skip
TIERS = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


@dataclass(frozen=True)
class Halt:
    """Where a case comes to rest and waits for a visitor: a status and, where it matters, step and place."""

    status: str
    kind: str = ""
    below: str = ""
    on_its_way: bool | None = None

    def is_reached(self, application: Application) -> bool:
        place = application.seat_path if self.kind else application.result_path or application.seat_path
        return (
            application.status == self.status
            and self.kind in ("", application.step_kind)
            and place.startswith(self.below)
            and self.on_its_way in (None, bool(application.destination_path))
        )


@dataclass(frozen=True)
class Plan:
    """One case to be. `pace` shortens every delay; `tardy` names the step or verb that takes far too long."""

    matter: str
    hall: Hall
    minute: float
    seed: int
    is_company: bool = False
    fate: str = "grant"  # grant, refuse, decline, withdraw, forgotten (then granted)
    is_faulty: bool = False
    is_tardy: bool = False
    goes_back: bool = False
    way: str = "proxy"  # proxy: at the village; counter: in the township; post
    files: int = 0
    pace: float = 1.0
    halt: Halt | None = None


class County:
    """What the plans of one county are drawn from: its halls by tier and its matters by weight."""

    def __init__(self, root: Hall, favourites: dict[str, float]) -> None:
        halls = list(Hall.objects.filter(path__startswith=root.path, retired_on__isnull=True).order_by("code"))
        self.halls = {str(tier): [hall for hall in halls if hall.tier == tier] for tier in TIERS}
        # Some townships are far busier than others, and so it stays.
        self.weights = {
            tier: list(accumulate(favourites.get(h.code, _busyness(h, favourites)) for h in found))
            for tier, found in self.halls.items()
        }
        matters = Matter.objects.filter(current__isnull=False, is_core=True).select_related("current")
        rank = {code: place for place, code in enumerate(FREQUENT)}
        self.matters = sorted(matters, key=lambda matter: (rank.get(matter.code, len(rank)), matter.code))
        self.mix = list(accumulate(1 / (place + 1.5) ** 0.85 for place in range(len(self.matters))))

    def draw(self, seed: int, first: float, last: float) -> Plan:
        """Return a believable case that is filed in this stretch of office minutes; the same for the same seed."""
        random = Random(seed)  # noqa: S311 - a rehearsal
        matter = random.choices(self.matters, cum_weights=self.mix)[0]
        assert matter.current is not None
        tier = _tier(random, matter.current.accept_levels)
        hall = random.choices(self.halls[tier], cum_weights=self.weights[tier])[0]
        fates = {"grant": 90, "refuse": 3.5, "decline": 2, "withdraw": 2, "forgotten": 1.2}
        return Plan(
            matter=matter.code,
            hall=hall,
            minute=_opening(random, first, last),
            seed=seed,
            is_company="自然人" not in matter.current.service_objects,
            fate=random.choices(list(fates), list(fates.values()))[0],
            is_faulty=random.random() < 0.09 and not matter.current.is_immediate,
            is_tardy=random.random() < 0.055,
            goes_back=random.random() < 0.02,
            way=random.choices(("proxy", "counter", "post"), (75, 17, 8))[0],
            files=random.choices((0, 1, 2), (80, 14, 6))[0],
        )


def _busyness(hall: Hall, favourites: dict[str, float]) -> float:
    """Return how much work a hall has against others of its tier; a village shares its township's fate."""
    township = hall.code[:9]
    own = Random(hall.code).lognormvariate(0, 0.4)  # noqa: S311
    return own * Random(township).lognormvariate(0, 0.6) * favourites.get(township, 1.0)  # noqa: S311


def _tier(random: Random, levels: Sequence[str]) -> str:
    usual = {Level.VILLAGE: 84, Level.TOWNSHIP: 14, Level.COUNTY: 2}
    return random.choices([str(level) for level in levels], [usual[Level(level)] for level in levels])[0]


def _opening(random: Random, first: float, last: float) -> float:
    """Return a minute of the stretch; mornings are busier."""
    day = random.randrange(int(first // DAY_MINUTES), int(last // DAY_MINUTES) + 1)
    return min(max(day * DAY_MINUTES + random.triangular(5, 370, 100), first), last)
