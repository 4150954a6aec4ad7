"""What is new since somebody last looked: comparisons kept in brief, held against each other, and told once."""
