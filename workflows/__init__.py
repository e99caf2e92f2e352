"""The processes and the engine: no users, no database, no HTTP, no clock of their own."""
