"""Published tables of three providers, with made-up clients who give exactly these figures.

Per provider the folder holds the delivery, the responses and what was published.
"""
