"""The steps of the intake as a browser takes them."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from applications.models import Application
from tests.factories.cases import HOMESTEAD
from tests.factories.halls import GAOQIAO

FAR = "500236001001"  # 永安街道朝阳社区
PERSON = {"id_kind": "resident", "name": "张大山", "id_number": "11010519491231002x", "phone": "139 1234 5678"}


def opened(clerk: Client, matter: str = HOMESTEAD) -> Application:
    """A draft as the first page opens it."""
    answer = clerk.post(reverse("intake"), {"matter": matter, "hall": GAOQIAO})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Application.objects.get(key=answer["Location"].split("/")[2])


def page(name: str, case: Application) -> str:
    return reverse(f"intake_{name}", args=[case.key])


def send(clerk: Client, step: str, case: Application, /, **data: Any) -> Any:
    """Post a page as it stands now."""
    version = data.pop("version", None)
    current = Application.objects.get(pk=case.pk).version if version is None else version
    return clerk.post(page(step, case), {"version": current, **data})


def filled(clerk: Client, case: Application | None = None) -> Application:
    """A draft with everything answered."""
    case = case or opened(clerk)
    assert send(clerk, "applicant", case, **PERSON).status_code == 302
    answers = {f"declared_{line.seq}": "have" for line in case.materials.all()}
    assert send(clerk, "materials", case, **answers).status_code == 302
    return Application.objects.get(pk=case.pk)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
