"""The ways out of the system: text messages and the enterprise messenger of the county.

`settings.MESSAGE_CHANNELS` names the classes, in order of preference; a county writes one class per gateway and
names it there. The two that ship write to a file and say so on every page: nothing leaves the machine.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from applications.domain.identity import mask_phone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Text(NamedTuple):
    """One text to one telephone. The same `key` is the same text, sent again because nobody knows if it went out."""

    key: str
    phone: str
    words: str


class Channel(Protocol):
    """A gateway. `name` is stored and never changes; `note` stands beside it on screen, "" for a real one."""

    name: str
    label: StrOrPromise
    note: StrOrPromise
    reaches_applicants: bool

    def send(self, text: Text) -> None:
        """Hand the text over, within about ten seconds. Raises whatever went wrong; its class name is kept.

        A gateway that knows keys must drop a key it has seen: after a crash between sending and noting it down
        the same text is handed over once more.
        """


class LocalFile:
    """Append each text to DATA_DIR/outbox/<name>.jsonl, the telephone masked."""

    name = ""
    label: StrOrPromise = ""
    note: StrOrPromise = _("本地演示通道，未真正发送")
    reaches_applicants = False

    def send(self, text: Text) -> None:
        folder = settings.DATA_DIR / "outbox"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = {"key": text.key, "to": mask_phone(text.phone), "text": text.words}
        opened = os.open(folder / f"{self.name}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(opened, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


class LocalEnterprise(LocalFile):
    """企业微信, 浙政钉 and the like: for the people at work only."""

    name = "enterprise"
    label = _("工作消息")


class LocalSms(LocalFile):
    """短信, which the villager can read too."""

    name = "sms"
    label = _("短信")
    reaches_applicants = True


def channels() -> Mapping[str, Channel]:
    """Return the channels of this installation by name, in order of preference."""
    return _made(tuple(settings.MESSAGE_CHANNELS))


@lru_cache(maxsize=8)
def _made(classes: tuple[str, ...]) -> Mapping[str, Channel]:
    made: Final[list[Channel]] = [import_string(dotted)() for dotted in classes]
    return {channel.name: channel for channel in made}


def channel_for_staff() -> str:
    """Return the name of the channel by which people at work are told, "" where there is none."""
    return next(iter(channels()), "")


def channel_for_applicants() -> str:
    """Return the name of the channel that reaches a villager, "" where there is none."""
    return next((name for name, channel in channels().items() if channel.reaches_applicants), "")
