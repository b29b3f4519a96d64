from supervision.models.account import AccountAct, EvidenceDownload
from supervision.models.anchor import Anchor
from supervision.models.bulletin import Bulletin, MonthAdjustment, MonthClose, PrintedCorrection
from supervision.models.calendar_rehearsal import CalendarRehearsal
from supervision.models.card_review import CardReview
from supervision.models.exclusion import ExclusionRule
from supervision.models.ladder import LadderStep, Untold
from supervision.models.limit_warning import LimitWarning
from supervision.models.message import Message, Outbox
from supervision.models.order import OrderAct, OrderFile, SupervisionOrder
from supervision.models.proof_run import ProofRun
from supervision.models.rating import Callback, CallbackCall, CallbackDraw, Rating, RatingAct, RatingScan
from supervision.models.screen import Screen, ScreenEnd
from supervision.models.sweep_run import SweepRun
from supervision.models.term import TERM_KINDS, Term, TermFact, TermWarning
from supervision.models.timeout import Accountability, Brake
from supervision.models.urge import Urge, UrgeAnswer
from supervision.models.voice import LodgingCount, Voice, VoiceAct, VoicePhoto

__all__ = [
    "TERM_KINDS",
    "AccountAct",
    "Accountability",
    "Anchor",
    "Brake",
    "Bulletin",
    "CalendarRehearsal",
    "Callback",
    "CallbackCall",
    "CallbackDraw",
    "CardReview",
    "EvidenceDownload",
    "ExclusionRule",
    "LadderStep",
    "LimitWarning",
    "LodgingCount",
    "Message",
    "MonthAdjustment",
    "MonthClose",
    "OrderAct",
    "OrderFile",
    "Outbox",
    "PrintedCorrection",
    "ProofRun",
    "Rating",
    "RatingAct",
    "RatingScan",
    "Screen",
    "ScreenEnd",
    "SupervisionOrder",
    "SweepRun",
    "Term",
    "TermFact",
    "TermWarning",
    "Untold",
    "Urge",
    "UrgeAnswer",
    "Voice",
    "VoiceAct",
    "VoicePhoto",
]
