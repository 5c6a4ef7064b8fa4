"""Loyalty cards as wallet passes: what a card shows, and the formats of Apple and Google."""
