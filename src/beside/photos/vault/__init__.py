"""Where photographs are kept: every byte sealed, every key apart from the bytes it opens."""
