"""Everything that is kept about a person: given to him, or erased."""
