"""The process in which photographs are developed, without keys, paths, database or Django."""
