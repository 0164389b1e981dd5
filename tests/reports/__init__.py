"""Facts, figures and reports."""
