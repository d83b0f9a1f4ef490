"""STAGE 4: interviews on the web: pages, answers, resume, finish."""
