"""The kill test of the legal clock: `python3 start.py torture`. Nothing lost, doubled, early or out of order."""
