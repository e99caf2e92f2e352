"""Transfers (转学): which there can be, what their rules read, and whether one may start."""
