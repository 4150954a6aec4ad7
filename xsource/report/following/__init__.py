"""A followed claim over time: in a terminal, as rows, as a page."""
