"""One visitor in several photos."""
