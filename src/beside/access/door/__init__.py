"""The door of a letter: who asks to be let in, who was let in, and who never is."""
