"""Photographs that the tests always need, made here and now: none of them is anybody's."""
