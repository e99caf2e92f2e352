"""Pages: load, form, one use case, tell, redirect."""
