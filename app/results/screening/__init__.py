"""Open answers, read by a researcher before anybody else sees them."""
