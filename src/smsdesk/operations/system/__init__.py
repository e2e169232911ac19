"""What no HTTP client may send: the system's own operations. They take the same path as everything else."""
