"""How letters are found by people whom nobody has told of them."""
