"""Who may do what about ratings, orders and whatever else supervision keeps: one file a subject."""
