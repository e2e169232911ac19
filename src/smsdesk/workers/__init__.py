"""What follows the outbox or the clock: pushes notifications, offers what waits, rings timers, sends texts,
takes in facts.
"""
