"""Figures: what every question came to, counted, compared and told with care for small groups."""
