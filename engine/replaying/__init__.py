"""A decision file decided again, and worked out again by a second hand."""
