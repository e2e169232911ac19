"""Operations: what clients and the system may ask for, and `perform`, the one path by which anything
changes.
"""
