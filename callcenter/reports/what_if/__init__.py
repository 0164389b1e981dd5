"""What would happen on a day if people, skills or queues were others: lived through with the
production router, beside the day as it is planned."""
