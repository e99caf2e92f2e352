"""Each kind of registry change (异动类别) by itself: its form, its diagram, its facts, what it does to the record."""
