"""News that goes up from the catalogue.

`guide_handed_back` is sent inside the transaction that took an approved guide back on its day, with `draft`, `why` and
`signers` (accounts that wrote, checked and approved it): whoever tells people books it there, or nothing of it happens.
"""

from django.dispatch import Signal

guide_handed_back = Signal()
