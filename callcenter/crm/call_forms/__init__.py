"""What agents fill in about a call: own fields by queue and disposition, and what follows."""
