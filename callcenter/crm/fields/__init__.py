"""Own fields: what an administrator wants to know of customers and tickets beyond ours."""
