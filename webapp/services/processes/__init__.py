"""Processes: published versions of diagrams and tables, and the check that one may be published."""
