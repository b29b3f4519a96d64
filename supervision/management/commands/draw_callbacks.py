"""`manage.py draw_callbacks`: draw last week's sample of proxied cases that are to be called back, if nobody has."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from supervision.actions.draw_callbacks import draw_callbacks


class Command(BaseCommand):
    help = "抽取上一周送达的代办件供电话回访；每周一次，可重复执行"

    def handle(self, *args: Any, **options: Any) -> None:
        sample = draw_callbacks()
        if sample is None:
            self.stdout.write(_("上一周的样本已经抽过。"))
            return
        words = _("%(week)s 起的一周：代办件 %(all)d 件，抽中 %(drawn)d 件，种子 %(seed)s")
        facts = {"week": sample.week, "all": sample.population, "drawn": sample.callbacks.count(), "seed": sample.seed}
        self.stdout.write(words % facts)
