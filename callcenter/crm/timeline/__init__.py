"""Customer 360: everything that happened with a customer, as one list."""
