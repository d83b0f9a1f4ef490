"""STAGE 1: YAML → typed questionnaire; filters; wordings; checks."""
