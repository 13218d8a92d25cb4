"""One file for each kind of foreign bytes: its reader, its seeds, and how long inputs are."""
