"""Supporting papers (证明材料): handed in, kept and shown."""
