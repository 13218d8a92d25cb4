"""Networks: their cards, their weights, and the sessions that run them."""
