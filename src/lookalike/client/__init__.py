"""Asking a service from Python, with the errors of the library."""

from lookalike.client.client import Client

__all__ = ["Client"]
