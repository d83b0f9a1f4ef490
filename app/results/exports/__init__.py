"""Exports: the answers of a wave and its tables, as files to work with elsewhere."""
