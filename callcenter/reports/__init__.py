"""Reports: facts made of the ledger's events, figures defined once, and how they are asked for."""
