"""One module for each report: from what is wanted to tables of figures."""
