"""The application: who may do what, use cases, pages, commands, and how it is run."""
