"""How rows are asked for, whatever they are about."""
