"""The registry (学籍): students, their numbers and their record."""
