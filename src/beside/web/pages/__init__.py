"""What each page shows: frozen values, made once access has answered, that templates render."""
