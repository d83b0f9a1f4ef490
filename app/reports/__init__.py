"""STAGE 6: a report as a typed document, its renderers, and its life from draft to final."""
