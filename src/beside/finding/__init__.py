"""How letters and people are found by those whom nobody has told of them."""
