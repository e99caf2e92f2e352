"""Made-up people, schools and cases: for the demo, the scenarios and the tests."""
