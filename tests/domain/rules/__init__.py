"""The rules beside earning rates, each kind on its own, and all of them together."""
