"""Examples of the law that run: a YAML file says what is given, what happens, and what holds then."""
