"""What happens to a daily run when something breaks in the middle of it."""
