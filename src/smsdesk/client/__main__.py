"""`python -m smsdesk.client` is `smsdesk desk`."""

import sys

from smsdesk.client.commands import desk

if __name__ == "__main__":
    status = desk()
    sys.exit(status if isinstance(status, int) else 0)
