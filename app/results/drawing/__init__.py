"""Figures and other numbers as accessible drawings, for the screen and for print."""
