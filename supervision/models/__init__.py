from supervision.models.anchor import Anchor
from supervision.models.calendar_rehearsal import CalendarRehearsal
from supervision.models.card_review import CardReview
from supervision.models.ladder import LadderStep, Untold
from supervision.models.limit_warning import LimitWarning
from supervision.models.message import Message, Outbox
from supervision.models.proof_run import ProofRun
from supervision.models.screen import Screen, ScreenEnd
from supervision.models.sweep_run import SweepRun
from supervision.models.timeout import Accountability, Brake

__all__ = [
    "Accountability",
    "Anchor",
    "Brake",
    "CalendarRehearsal",
    "CardReview",
    "LadderStep",
    "LimitWarning",
    "Message",
    "Outbox",
    "ProofRun",
    "Screen",
    "ScreenEnd",
    "SweepRun",
    "Untold",
]
