"""The speed bars: each measures one thing and prints one line, PASS or FAIL."""
