"""A delivery: a provider's file, read, checked, shown, stored, and sampled."""
