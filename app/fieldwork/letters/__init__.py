"""Letters: made in batches, printed, and booked when they come back."""
