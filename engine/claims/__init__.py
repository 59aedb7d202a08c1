"""What is known of a claim: read from outside, laid out, checked, told which matter it is of."""
