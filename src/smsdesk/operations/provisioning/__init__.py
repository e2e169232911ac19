"""Provisioning: the configured contact centre, changed by REST and by declarative files (SPEC 5.5)."""
