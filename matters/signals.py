"""News that goes up from the catalogue. A receiver writes rows of its own, nothing else.

`draft_checked` is sent inside the transaction in which a draft gets its first signature, with `draft`: it waits for
another person now.
`guide_handed_back` is sent inside the transaction that took an approved guide back on its day, with `draft`, `why` and
`signers` (accounts that wrote, checked and approved it): whoever tells people books it there, or nothing of it happens.
"""

from django.dispatch import Signal

draft_checked = Signal()
guide_handed_back = Signal()
