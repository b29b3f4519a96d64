"""Sets of card rules (红黄牌规则): rows, never code. A set is written once; another set takes its place."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.domain.card_rules import LEVEL_LABELS, RANGES, Level, Measure, Rule, Side
from applications.domain.rule_file import BASIS_LENGTH, LENGTHS, Entry, RuleSheet, digest_of
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from halls.models import AppendOnly, Department, TwoPersons
from matters.models import Matter

KIND_CHOICES = tuple((kind.value, label) for kind, label in CLOCK_LABELS.items())


class RuleSet(TwoPersons):
    """A whole set of rules for the county, one department or one matter, from a day on.

    It governs every clock that starts while it is in force, to that clock's end. Nothing but signatures is ever
    added to a row (trigger `rule_set_is_written_once`). `code`: of the file it was made from.
    """

    class Scope(models.TextChoices):
        COUNTY = "county", _("全县")
        DEPARTMENT = "department", _("部门")
        MATTER = "matter", _("事项")

    code = models.CharField(_("预设"), max_length=LENGTHS["code"])
    name = models.CharField(_("名称"), max_length=LENGTHS["name"])
    source = models.CharField(_("出处"), max_length=LENGTHS["source"])
    note = models.CharField(_("说明"), max_length=LENGTHS["note"], blank=True)
    scope = models.CharField(_("适用范围"), max_length=10, choices=Scope.choices)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="+")
    effective_on = models.DateField(_("起用日期"))
    ended_on = models.DateField(_("最后一天"), null=True, blank=True)
    # Of its rules, as the first person proposed them; the second signs for the same.
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("红黄牌规则")
        verbose_name_plural = _("红黄牌规则")
        ordering = ("scope", "-effective_on", "-pk")
        constraints = (
            *TwoPersons.Meta.constraints,
            models.UniqueConstraint(
                fields=("scope", "department", "matter", "effective_on"),
                condition=Q(confirmed_at__isnull=False),
                name="rule_set_one_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(scope="county", department__isnull=True, matter__isnull=True)
                | Q(scope="department", department__isnull=False, matter__isnull=True)
                | Q(scope="matter", department__isnull=True, matter__isnull=False),
                name="rule_set_names_its_scope",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("effective_on")),
                name="rule_set_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.effective_on}"

    @property
    def scope_name(self) -> str:
        """全县, or the department or matter by name."""
        return str(self.matter or self.department or self.get_scope_display())

    def sheet(self) -> RuleSheet:
        """The set as the domain reads it; its rules may be prefetched."""
        entries = tuple(rule.entry() for rule in self.rules.all())
        return RuleSheet(self.code, self.name, self.source, entries, self.note, effective_on=self.effective_on)

    def is_as_proposed(self) -> bool:
        return digest_of(tuple(rule.entry() for rule in self.rules.all())) == self.digest


def _ranges() -> Q:
    spans = (
        Q(side=side.value, unit=unit.value, value__gte=low, value__lte=high)
        for (side, unit), (low, high) in RANGES.items()
    )
    return reduce(or_, spans)


class CardRule(AppendOnly):
    """When a clock warns and when a card is written: one threshold of a set (see applications/domain/card_rules.py)."""

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="rules")
    clock_kind = models.CharField(max_length=16, choices=KIND_CHOICES)
    level = models.CharField(max_length=8, choices=tuple((level.value, LEVEL_LABELS[level]) for level in Level))
    side = models.CharField(max_length=8, choices=tuple((side.value, side.value) for side in Side))
    value = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=8, choices=tuple((unit.value, unit.value) for unit in Measure), default="wd")
    # The rule holds for budgets in this range; null is open.
    min_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    max_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    # True: only where no later statutory limit stands behind the clock.
    only_alone = models.BooleanField(default=False)
    # True: only for 即办件, and there instead of the general rule of the level.
    only_immediate = models.BooleanField(default=False)
    # False: a supervisor has to confirm the card before it counts.
    is_automatic = models.BooleanField(default=True)
    basis = models.CharField(max_length=BASIS_LENGTH)

    class Meta(AppendOnly.Meta):
        ordering = ("rule_set", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("rule_set", "clock_kind", "level", "min_amount", "only_immediate"),
                name="card_rule_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=_ranges(), name="card_rule_in_range"),
            models.CheckConstraint(
                condition=Q(min_amount__isnull=True) | Q(max_amount__isnull=True) | Q(max_amount__gte=F("min_amount")),
                name="card_rule_range_ascends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.clock_kind} {self.level}"

    @classmethod
    def of(cls, rule_set: RuleSet, entry: Entry) -> CardRule:
        rule = entry.rule
        return cls(
            rule_set=rule_set,
            clock_kind=rule.clock.value,
            level=rule.level.value,
            side=rule.side.value,
            value=rule.value,
            unit=rule.unit.value,
            min_amount=rule.min_amount,
            max_amount=rule.max_amount,
            only_alone=rule.only_alone,
            only_immediate=rule.only_immediate,
            is_automatic=entry.is_automatic,
            basis=entry.basis,
        )

    def entry(self) -> Entry:
        rule = Rule(
            clock=ClockKind(self.clock_kind),
            level=Level(self.level),
            side=Side(self.side),
            value=self.value,
            unit=Measure(self.unit),
            min_amount=self.min_amount,
            max_amount=self.max_amount,
            only_alone=self.only_alone,
            only_immediate=self.only_immediate,
        )
        return Entry(rule, self.basis, self.is_automatic)
