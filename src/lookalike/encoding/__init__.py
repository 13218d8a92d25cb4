"""Step 4: faces to vectors."""
