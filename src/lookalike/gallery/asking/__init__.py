"""From a face to people: who may be named, how they are ranked, and what a distance means."""
