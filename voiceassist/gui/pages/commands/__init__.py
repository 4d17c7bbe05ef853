"""The Commands page: what can be said, and commands of the user's own."""
