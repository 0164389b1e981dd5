"""The prompt store: versions in the database, sound in files, copies where Asterisk plays from."""
