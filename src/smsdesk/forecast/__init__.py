"""A day of arrivals played against a configured contact centre, in virtual time. Routing is the real one;
people and customers are numbers that are drawn. Knows no clock, no store, no files.
"""
