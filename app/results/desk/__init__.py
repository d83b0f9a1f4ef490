"""The results desk: every figure of a wave in the office, each with the rule, the question and the count behind it."""
