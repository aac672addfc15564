"""What is kept of texts so that they can be searched: it knows words, and nothing of who may see them."""
