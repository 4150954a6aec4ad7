"""News told: in a terminal, as rows, as a page, as JSON lines, as a feed."""
