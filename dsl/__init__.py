"""Text to syntax tree: how a regulation with its rules is read, told apart and printed."""
