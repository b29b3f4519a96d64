"""What the forms of all verbs share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.selectors.position import Position
from halls.acting import Actor
from halls.forms import SpokenForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONG = {"rows": 3, "maxlength": 2000}


class VerbForm(SpokenForm):
    """Base of all verb forms; `call` runs the action on what was cleaned."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    lead: StrOrPromise = ""

    def __init__(self, *args: Any, application: Application, position: Position, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        self.position = position
        self.fields["version"].initial = application.version
        self.prepare()

    def prepare(self) -> None:
        """Adapt the fields to the case."""

    def call(self, actor: Actor) -> Application:
        raise TypeError(f"{type(self).__name__} calls no action")

    def require_possible(self) -> None:
        """Refuse before anything is filled in what no answer could make possible. Raises Refused."""

    @property
    def common(self) -> dict[str, Any]:
        return {"version": self.cleaned_data["version"]}


class ReasonForm(VerbForm):
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(LONG))


def faulty_words(application: Application) -> str:
    """What the one notice asked for, in a line."""
    faulty = application.materials.filter(check_result__in=("missing", "wrong")).select_related("material")
    return "；".join(f"「{line.material.name}」{line.check_reason}" for line in faulty.order_by("seq")) + "。"
