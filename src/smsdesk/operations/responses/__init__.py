"""What is done with standard responses: rendering, favourites, reports of their use (A§1.6)."""
