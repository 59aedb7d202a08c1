"""A hospital's figures against the policy's: where they part, and what would explain it."""
