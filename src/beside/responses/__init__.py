"""What comes back: responses to letters, and those who read them before the authors do."""
