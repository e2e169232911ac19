"""What `smsdesk` can be told to do, a module for each area. What they print is their answer."""
