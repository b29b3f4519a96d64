"""Measurements, printed as ratios: machines are shared and noisy. `python3 start.py bench`."""
