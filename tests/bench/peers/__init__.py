"""Other ways of running the two workloads' rules: each by hand, each in a module of its own."""
