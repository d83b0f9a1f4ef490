"""Plumbing of pages."""
