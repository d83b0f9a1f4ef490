"""Synthetic respondents and the demo: made-up people who walk the real engine through the real storage."""
