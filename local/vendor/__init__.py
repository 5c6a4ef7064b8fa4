"""Other people's files that our pages serve, brought by one command and never edited."""
