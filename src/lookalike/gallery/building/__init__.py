"""From photos to faces of people: which are looked at, and what becomes of each."""
