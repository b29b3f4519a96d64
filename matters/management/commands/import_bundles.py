"""Import the bundles (一件事)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from matters.actions.import_bundles import import_bundles
from matters.domain.catalogue_file import CatalogueFileError


class Command(BaseCommand):
    help = "导入一件事；有错误则一条也不写入"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="JSON 文件：一件事的列表")
        parser.add_argument("--dry-run", action="store_true", help="只检查和比较，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_bundles(Path(options["file"]).read_bytes(), dry_run=options["dry_run"])
        except OSError:
            raise CommandError(_("读不到文件 %(name)s。请核对路径和读取权限。") % {"name": options["file"]}) from None
        except CatalogueFileError as error:
            told = [f"{fault.record} {fault.field}: {fault.message}{fault.cure}" for fault in error.faults]
            raise CommandError("\n".join([error.message, *told])) from error
        words = _("一件事：新增 %(added)d，更改 %(changed)d，未变 %(unchanged)d") % asdict(report)
        self.stdout.write(words + (_("（只是预演，没有写入）") if report.dry_run else ""))
