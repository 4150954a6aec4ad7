"""How text is taken apart in one way for every reader: folded, cut into words, searched for phrases."""
