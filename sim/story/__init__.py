"""One simulated life as readable text, and the same person's life under another policy beside it."""
