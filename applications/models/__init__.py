from applications.models.access import AccessRecord, IdempotencyKey
from applications.models.applicant import Applicant
from applications.models.application import Application, ApplicationStep
from applications.models.card_rules import CardRule, RuleSet
from applications.models.clock import Clock, ClockFact
from applications.models.event import Document, Event, HandOver
from applications.models.look_up import LookUpFailure
from applications.models.material import ApplicationMaterial, MaterialFile
from applications.models.rating_ticket import RatingTicket

__all__ = [
    "AccessRecord",
    "Applicant",
    "Application",
    "ApplicationMaterial",
    "ApplicationStep",
    "CardRule",
    "Clock",
    "ClockFact",
    "Document",
    "Event",
    "HandOver",
    "IdempotencyKey",
    "LookUpFailure",
    "MaterialFile",
    "RatingTicket",
    "RuleSet",
]
