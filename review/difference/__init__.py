"""Two policies compared: their figures, their rules, and what they decide."""
