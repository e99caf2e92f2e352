"""Repeatable measurements, each beside the floor it is compared with: `python -m bench NAME --json`."""
