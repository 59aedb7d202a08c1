"""A person's earlier items, and what a decision asks of them."""
