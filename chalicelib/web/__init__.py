"""What shoppers see in a browser: the page to join on and the card itself."""
