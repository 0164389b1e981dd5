"""What administrators define for the customer side, kept by kind and code."""
