"""Step 5: the nearest vectors. Every distance is written so that smaller is closer."""
