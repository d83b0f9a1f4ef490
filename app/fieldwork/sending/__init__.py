"""Sending: who gets which message when, the outbox, and what became of it."""
