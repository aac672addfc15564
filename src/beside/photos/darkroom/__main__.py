"""Start the darkroom; its argument is the number of the socket that it was given."""

from __future__ import annotations

import socket
import sys

from beside.photos.darkroom.server import serve

if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
