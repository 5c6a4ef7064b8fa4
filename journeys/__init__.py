"""What shoppers and cashiers do, measured: a client of a running service and a browser."""
