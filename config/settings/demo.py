"""The county on one machine, with generated people and cases; started by start.py."""

from config.settings.base import *

DEMO = True
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
MESSAGE_CHANNELS = ["supervision.channels.LocalEnterprise", "supervision.channels.LocalSms"]  # to files
