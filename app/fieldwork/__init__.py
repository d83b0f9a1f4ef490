"""STAGE 3: waves, participations, delivery check, sample, tokens, dispositions."""
