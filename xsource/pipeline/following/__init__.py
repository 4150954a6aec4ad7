"""Claims that are followed: taken up, looked for after every build, and told as a timeline."""
