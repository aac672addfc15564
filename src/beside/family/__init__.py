"""A family's own dates: who belongs to it, what happened when as people know it, and reminders that somebody made."""
