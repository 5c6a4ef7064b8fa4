"""Runs scenario files, worked examples of the rules, against the service over HTTP.

`format` reads a file, `journey` and the two `…_events` modules make requests of its events,
`comparing` judges the answers, `running` does a file twice, `__main__` prints the verdicts.
Nothing here imports the service's own code: what a scenario shows, a till could see.
"""
