"""What is configured by `/settings` and `/users/{id}/settings` (C§5.4)."""
