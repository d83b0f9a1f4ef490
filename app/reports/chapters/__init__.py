"""The chapters of a report: what each of them tells, from the material of one provider in one wave.

The sentences are Dutch: a report is a Dutch document. A chapter without anything to tell has no
blocks, and is left out.
"""
