"""Scripts that lead an agent through a call: steps, answers, and how far a call has come."""
