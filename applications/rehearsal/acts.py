"""One case on its way, and the doing of each verb through the real action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.attach import attach
from applications.actions.decline import decline
from applications.actions.deliver import Handing, deliver
from applications.actions.draft import draft
from applications.actions.fill import declare_materials, fill_applicant
from applications.actions.grant import grant
from applications.actions.hand_over import hand_over, take_over
from applications.actions.make_result import make_result
from applications.actions.pass_on import pass_on
from applications.actions.receive import receive
from applications.actions.refuse import refuse
from applications.actions.request_correction import request_correction
from applications.actions.resume import resume
from applications.actions.step_back import step_back
from applications.actions.submit import submit
from applications.actions.supply import supply
from applications.actions.suspend import suspend
from applications.actions.withdraw import withdraw
from applications.domain.lifecycle import Verb
from applications.models import Application, ApplicationMaterial, ApplicationStep
from applications.rehearsal import papers, words
from applications.rehearsal.applicants import company, villager
from applications.rehearsal.desks import Desks
from applications.rehearsal.plans import Plan
from applications.selectors.position import Position
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.worktime import day_of
from matters.models import Material

Declared, Check = ApplicationMaterial.Declared, ApplicationMaterial.Check
RELATIONS = ("本人",) * 6 + ("配偶", "子女", "其他成年同住家属")


@dataclass
class Walk:
    """A case that is being walked: the plan, where it is, and what already happened to it."""

    plan: Plan
    desks: Desks
    application: Application
    random: Random
    lines: list[ApplicationMaterial] = field(default_factory=list)
    steps: tuple[ApplicationStep, ...] = ()
    rested: set[int] = field(default_factory=set)  # steps whose special procedure was begun
    resume_after: float = 0.0  # office minutes
    went_back: bool = False
    was_slow: bool = False

    @property
    def position(self) -> Position:
        return Position.of(self.application, self.steps)

    def until_resumed(self) -> float:
        return self.resume_after

    def actor(self, verb: Verb) -> Actor:
        return self.desks.for_verb(verb, self.application, self.position, self.random)

    def refresh(self) -> None:
        """Look again: the sweep may have resumed the case."""
        self.application = Application.objects.select_related("guide", "applicant").get(pk=self.application.pk)


def begin(plan: Plan, desks: Desks, county: str) -> Walk:
    """Open the case at the counter: who asks, what was brought, a few photographs."""
    random = Random(f"{county} {plan.seed}")  # noqa: S311 - a rehearsal
    actor = desks.at(Duty.FILE, plan.hall.path, random)
    application = draft(actor=actor, matter_code=plan.matter, hall_code=plan.hall.code)
    today = day_of(application.created_at)
    who = company(random, plan.hall) if plan.is_company else villager(random, plan.hall, today=today)
    walk = Walk(plan, desks, fill_applicant(application.pk, who, actor=actor), random)
    walk.lines = list(application.materials.select_related("material").order_by("seq"))
    declared = {line.seq: _declaration(line, random) for line in walk.lines}
    walk.application = declare_materials(application.pk, declared, actor=actor)
    for line in walk.lines:
        line.declared = declared[line.seq]
    brought = [line for line in walk.lines if line.declared == Declared.HAVE]
    for line in brought[: plan.files]:
        name = f"{line.material.name[:20]}.jpg"
        attach(application.pk, line.seq, data=papers.sheet(random.randrange(papers.SHEETS)), name=name, actor=actor)
    return walk


def _declaration(line: ApplicationMaterial, random: Random) -> str:
    usual = {
        Material.Necessity.REQUIRED: (Declared.HAVE, Declared.HAVE, 1.0),
        Material.Necessity.TOLERANT: (Declared.HAVE, Declared.LATER, 0.8),
        Material.Necessity.BY_CIRCUMSTANCE: (Declared.HAVE, Declared.NOT_NEEDED, 0.25),
    }
    often, seldom, share = usual[Material.Necessity(line.material.necessity)]
    return often if random.random() < share else seldom


def act(walk: Walk, verb: Verb, next_stop: str) -> None:
    """Do the verb, as somebody who may; the case is as it stands afterwards."""
    actor = walk.actor(verb)
    walk.application = DOING[verb](walk, actor, next_stop)
    if verb is Verb.SUBMIT:
        steps = ApplicationStep.objects.filter(application=walk.application)
        walk.steps = tuple(steps.select_related("hall", "department").order_by("seq"))
    walk.went_back = walk.went_back or verb is Verb.STEP_BACK


def _findings(walk: Walk) -> dict[int, Finding]:
    """Everything that was brought is fine, the rest is not needed."""
    required = Material.Necessity.REQUIRED
    return {
        line.seq: Finding(
            Check.OK if line.declared == Declared.HAVE or line.material.necessity == required else Check.NOT_NEEDED
        )
        for line in walk.lines
    }


def _ask_for_correction(walk: Walk, actor: Actor, _stop: str) -> Application:
    findings = _findings(walk)
    for line in walk.random.sample(walk.lines, min(len(walk.lines), walk.random.choice((1, 1, 2)))):
        fault, reasons = walk.random.choice(((Check.MISSING, words.MISSING), (Check.WRONG, words.WRONG)))
        findings[line.seq] = Finding(fault, walk.random.choice(reasons))
    return request_correction(walk.application.pk, findings, actor=actor, note=walk.random.choice(words.TOLD))


def _decline(walk: Walk, actor: Actor, _stop: str) -> Application:
    kind, reason, organ = walk.random.choice(words.DECLINED)
    return decline(walk.application.pk, actor=actor, reason=reason, reason_class=kind, competent_organ=organ)


def _suspend(walk: Walk, actor: Actor, _stop: str) -> Application:
    assert walk.application.step_seq is not None
    walk.rested.add(walk.application.step_seq)
    return suspend(walk.application.pk, actor=actor, was_told=True, note=walk.random.choice(words.TOLD))


def _deliver(walk: Walk, actor: Actor, _stop: str) -> Application:
    applicant = walk.application.applicant
    assert applicant is not None
    random = walk.random
    relation = random.choice(RELATIONS)
    is_own = relation == "本人" and not walk.plan.is_company
    handing = Handing(
        way=walk.plan.way,
        receiver=applicant.name if is_own else "代收人" + applicant.name[:1],
        relation="委托代理人" if walk.plan.is_company else relation,
        signature=b"" if walk.plan.way == "post" else papers.signature(random.randrange(12)),
        tracking_number=f"1{random.randrange(10**12):012d}" if walk.plan.way == "post" else "",
    )
    return deliver(walk.application.pk, handing, actor=actor)


Doing = Callable[[Walk, Actor, str], Application]
DOING: dict[Verb, Doing] = {
    Verb.SUBMIT: lambda w, a, _: submit(w.application.pk, actor=a, applicant_checked=True),
    Verb.RECEIVE: lambda w, a, _: receive(w.application.pk, actor=a),
    Verb.REQUEST_CORRECTION: _ask_for_correction,
    Verb.SUPPLY: lambda w, a, _: supply(w.application.pk, actor=a),
    Verb.ACCEPT: lambda w, a, _: accept(w.application.pk, _findings(w), actor=a),
    Verb.DECLINE: _decline,
    Verb.PASS_ON: lambda w, a, _: pass_on(w.application.pk, actor=a, opinion=w.random.choice(words.OPINIONS)),
    Verb.STEP_BACK: lambda w, a, _: step_back(w.application.pk, actor=a, reason=w.random.choice(words.SENT_BACK)),
    Verb.SUSPEND: _suspend,
    Verb.RESUME: lambda w, a, _: resume(w.application.pk, actor=a),
    Verb.GRANT: lambda w, a, _: grant(w.application.pk, actor=a, opinion=w.random.choice(words.GRANTED)),
    Verb.REFUSE: lambda w, a, _: refuse(w.application.pk, actor=a, reason=w.random.choice(words.REFUSED)),
    Verb.MAKE_RESULT: lambda w, a, _: make_result(w.application.pk, actor=a),
    Verb.HAND_OVER: lambda w, a, stop: hand_over(w.application.pk, actor=a, to_hall=stop),
    Verb.TAKE_OVER: lambda w, a, _: take_over(w.application.pk, actor=a),
    Verb.DELIVER: _deliver,
    Verb.WITHDRAW: lambda w, a, _: withdraw(w.application.pk, actor=a, reason=w.random.choice(words.WITHDRAWN)),
}
