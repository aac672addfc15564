"""Where photographs are developed: a process of its own without keys, paths, database or Django."""
