"""The ASGI edge: requests in, replies out. Decides nothing that `operations` decides."""
