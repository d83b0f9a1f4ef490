"""People with an account: staff of the agency and users of a provider."""
