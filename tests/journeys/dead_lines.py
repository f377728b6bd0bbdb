"""A proxy whose open connections can be made to die without a word, as a phone's do while it sleeps; new ones work."""

from __future__ import annotations

import contextlib
import socket
import threading

CHUNK = 65_536


class DeadLines:
    """Forwards 127.0.0.1:``port`` (a free one) to ``target`` until ``close``."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.life = 0
        self.sockets: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        self.threads = [threading.Thread(target=self._serve, daemon=True)]
        self.threads[0].start()

    def die(self) -> None:
        """From now on nothing comes through what is open, and nobody is told."""
        self.life += 1

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        for one in self.sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)
        for one in self.sockets:
            one.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _address = self.door.accept()
                there = socket.create_connection(("127.0.0.1", self.target))
                self.sockets += [here, there]
                for way in ((here, there), (there, here)):
                    self.threads.append(threading.Thread(target=self._pump, args=(*way, self.life), daemon=True))
                    self.threads[-1].start()

    def _pump(self, source: socket.socket, sink: socket.socket, life: int) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if self.life == life:
                    sink.sendall(data)
            if self.life == life:
                sink.shutdown(socket.SHUT_WR)
