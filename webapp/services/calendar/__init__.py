"""The working calendar (工作日历) and the time limits that are counted in it."""
