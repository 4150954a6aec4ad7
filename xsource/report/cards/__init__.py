"""One claim or divergence to cite and hand over: as a page, Markdown, PDF, ClaimReview, BibTeX and CSL."""
