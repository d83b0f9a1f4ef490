"""Suppression: what may be told so that nobody's hidden answers can be worked out. One engine for every outlet."""
