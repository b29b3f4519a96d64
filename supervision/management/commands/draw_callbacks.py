"""`manage.py draw_callbacks`: draw the proxied cases that are to be called back, of every week not drawn yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from supervision.actions.draw_callbacks import draw_callbacks


class Command(BaseCommand):
    help = "抽取上一周（和漏抽的各周）送达的代办件供电话回访；每周一次，可重复执行"

    def handle(self, *args: Any, **options: Any) -> None:
        drawn = draw_callbacks()
        if not drawn:
            self.stdout.write(_("上一周的样本已经抽过。"))
        words = _("%(week)s 起的一周：代办件 %(all)d 件，抽中 %(drawn)d 件，种子 %(seed)s")
        for sample in drawn:
            counts = {"all": sample.population, "drawn": sample.callbacks.count()}
            self.stdout.write(words % {"week": sample.week, "seed": sample.seed, **counts})
