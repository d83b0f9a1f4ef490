"""The programming interface: grades, response and figures as JSON, for who has a token."""
