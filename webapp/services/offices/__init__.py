"""Offices (机构): the tree, who sits where, and who is asked for a seat."""
