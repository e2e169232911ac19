"""The contact-centre model: immutable aggregates, the tables of states and permits, and facts. No I/O, no
clock, no async.
"""
