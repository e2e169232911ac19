"""Measurements of the running program, beside a floor and beside others: `python -m bench`. Knows the program
from outside, but for making a data directory to begin with.
"""
