"""One process that runs the whole service on a laptop or in one shop; none of it ships."""
