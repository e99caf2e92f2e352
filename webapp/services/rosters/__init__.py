"""Lists of new students (新生花名册): read from a spreadsheet, listed, submitted, followed through the offices."""
