"""A made-up other province (外省) that speaks the real protocol over real HTTP: for the demo and for tests."""
