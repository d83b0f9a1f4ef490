"""STAGE 4b: telephone: queue, attempts, appointments, agents and supervisor."""
