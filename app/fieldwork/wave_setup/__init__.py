"""A wave in the office: made, changed and paused; who takes part."""
