"""Step 2: where the faces are. One file for each detector."""
