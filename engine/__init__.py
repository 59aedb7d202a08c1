"""Graph and claims to decisions: the reference interpreter, histories and explanations."""
