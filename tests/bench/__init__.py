"""Figures, not tests: `make bench` prints them for this machine."""
