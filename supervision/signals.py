"""News that goes up from the watch.

`order_unrectified` is sent inside the transaction that closed a supervision order as not rectified, with `order`:
whoever opens a record of accountability does it there, or nothing of it happens.
"""

from django.dispatch import Signal

order_unrectified = Signal()
