from supervision.models.anchor import Anchor
from supervision.models.calendar_rehearsal import CalendarRehearsal
from supervision.models.card_review import CardReview
from supervision.models.ladder import LadderStep, Untold
from supervision.models.limit_warning import LimitWarning
from supervision.models.message import Message, Outbox
from supervision.models.proof_run import ProofRun
from supervision.models.sweep_run import SweepRun
from supervision.models.term import TERM_KINDS, Term, TermFact, TermWarning
from supervision.models.timeout import Accountability, Brake
from supervision.models.voice import LodgingCount, Voice, VoiceAct

__all__ = [
    "TERM_KINDS",
    "Accountability",
    "Anchor",
    "Brake",
    "CalendarRehearsal",
    "CardReview",
    "LadderStep",
    "LimitWarning",
    "LodgingCount",
    "Message",
    "Outbox",
    "ProofRun",
    "SweepRun",
    "Term",
    "TermFact",
    "TermWarning",
    "Untold",
    "Voice",
    "VoiceAct",
]
