"""Where known people come from."""
