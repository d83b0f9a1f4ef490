"""Fault drills: what must survive is broken on purpose. `python -m tests.drills [--full]`."""
