"""The HTTP addresses, one file a thing; every route is in `callcenter.web.policy`."""
