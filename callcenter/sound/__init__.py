"""Sound that people bring: checked, decoded in a cage, and made what Asterisk plays."""
