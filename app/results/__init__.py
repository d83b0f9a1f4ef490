"""STAGE 5: keurmerk table, norms, exports."""
