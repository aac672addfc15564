"""What web speaks: requests, headers, bodies, protocols. It knows no page."""
