"""Provisioning of users (C§5.1). Creating one is a POST on the collection, without an operationName."""
