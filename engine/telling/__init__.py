"""A decision told afterwards: every step with its value, its operands and its source."""
