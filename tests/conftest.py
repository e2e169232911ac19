"""For all tests: generated examples have no time limit of their own, because each suite has one."""

from hypothesis import settings

settings.register_profile("smsdesk", deadline=None)
settings.load_profile("smsdesk")
