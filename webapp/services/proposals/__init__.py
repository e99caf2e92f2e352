"""Proposals (建议): changes that the rules ask for; a school begins them, or says why not."""
