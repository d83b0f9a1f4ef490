"""Who saw or changed what: an append-only chain that shows every later change to it."""
