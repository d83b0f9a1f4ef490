"""Plumbing of pages: Jinja environment, access, CSRF, security headers, static files, error pages."""
