"""Use cases: one verb, one function, one transaction. They take a Session and know no Flask."""
