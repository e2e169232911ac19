"""Customers: finding and creating them, changing, merging and erasing them, and taking over lists of them."""
