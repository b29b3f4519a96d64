"""What people tell about themselves on the pages of this app."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.acting import Actor
from halls.actions.set_phone import set_phone
from halls.domain.errors import Invalid
from halls.forms import SpokenForm


class PhoneForm(SpokenForm):
    """A person's own telephone for reminders."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        required=False,
        help_text=_("快到期、超期的提醒在办公时间发到这个号码，只写办件编号和事项。空着就不发，系统内照常提醒。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def save(self, actor: Actor) -> str | None:
        """Keep the number; return it, or None when the form says what is wrong with it."""
        try:
            return set_phone(self.cleaned_data["phone"], actor=actor)
        except Invalid as refusal:
            self.add_error("phone", f"{refusal.message}{refusal.cure}")
            return None
