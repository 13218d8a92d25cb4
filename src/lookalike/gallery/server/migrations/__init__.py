"""The steps that bring the tables of a server to those of this version, run by Alembic."""
