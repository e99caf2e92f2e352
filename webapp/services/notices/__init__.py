"""Notices and timers: what people are told, and when."""
