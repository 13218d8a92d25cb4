"""Galleries in PostgreSQL with pgvector. Nothing here is imported before one is asked for."""
