"""Responses in and out, as files."""
