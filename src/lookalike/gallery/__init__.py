"""Step 6: known people, in one file."""
