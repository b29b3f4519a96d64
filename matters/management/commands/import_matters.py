"""Import the catalogue of matters (事项清单) with its guides."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from matters.actions.import_matters import import_matters
from matters.domain.catalogue_file import CatalogueFileError
from matters.domain.record_reader import RecordFault


class Command(BaseCommand):
    help = "导入事项和办事指南；有变化的成为新版本，有错误则一条也不写入"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="JSON 文件：事项的列表")
        parser.add_argument("--dry-run", action="store_true", help="只检查和比较，不写入")
        parser.add_argument("--overwrite", action="store_true", help="两人签署的指南和已取消的事项也按文件改")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_matters(_read(options["file"]), dry_run=options["dry_run"], overwrite=options["overwrite"])
        except CatalogueFileError as error:
            self._refuse(error, as_json=options["as_json"])
            sys.exit(1)
        if options["as_json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        self.stdout.write(
            _("事项：新增 %(added)d，更改 %(changed)d，未变 %(unchanged)d；文件里没有而保留不动的 %(absent)d")
            % asdict(report)
        )
        if report.kept:
            self.stdout.write(
                _("两人签署过或已取消，与文件不同而保留的 %(n)d：%(codes)s。要按文件改的，请加 --overwrite。")
                % {"n": len(report.kept), "codes": "、".join(report.kept)}
            )
        if report.dry_run:
            self.stdout.write(_("只是预演，没有写入。"))

    def _refuse(self, error: CatalogueFileError, *, as_json: bool) -> None:
        if as_json:
            faults = [asdict(fault) for fault in error.faults]
            self.stdout.write(json.dumps({"errors": faults}, ensure_ascii=False))
            return
        self.stderr.write(error.message)
        for fault in error.faults:
            self.stderr.write(f"{fault.record} {fault.field}: {fault.message}{fault.cure}")


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError:
        raise CatalogueFileError(
            [RecordFault("文件", "file", f"读不到文件 {name}。", "请核对路径和读取权限。")]
        ) from None
