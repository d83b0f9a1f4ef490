"""The studio: researchers hear every clip, record better ones, and approve them."""
