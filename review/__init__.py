"""What people ask of policies and decisions: statements, explanations, worked cases, replay."""
