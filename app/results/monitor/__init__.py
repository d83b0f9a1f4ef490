"""The fieldwork monitor: how far every wave and provider is, and single cases."""
