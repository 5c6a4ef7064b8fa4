"""Posts a history of purchases through the HTTP API, as if each were made on its own day.

`history` reads the file, `posting` makes the calls, `__main__` prints the figures;
`check` works the same figures out alone, in a few lines that share nothing with us.
"""
