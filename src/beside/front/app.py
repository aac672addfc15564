"""The server's application (RSGI): decides what each request may take, before anything else of ours runs.

Bodies are read whole first, uploads are handed on piece by piece, and what is long is sent as its
reader takes it. So Django and delivery run in threads that never wait for a socket.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from beside.front.answers import Answer, Responder, asked, refusal, without_body
from beside.front.bodies import Body, Collecting
from beside.front.environ import (
    Scope,
    address_of,
    content_length,
    environ_of,
    environ_of_photograph,
    require_short,
)
from beside.front.forms import FormBody
from beside.front.limits import AtOnce, ComeAgain, Limits, Refused
from beside.front.metrics import Kind, Metrics
from beside.front.sending import Asker, Sending
from beside.front.threads import Threads
from beside.front.turns import Turns
from beside.front.uploads import MEDIA_TYPE, Uploads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

_SWEEP_S = 2.0
_READS = ("GET", "HEAD", "OPTIONS")
_FORM_WITH_FILES = "multipart/form-data"


class Proto(Responder, Protocol):
    """The server's side of one request."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Paths:
    """How paths begin: those of photographs, and those of downloads.

    A download is streamed and takes work to begin, so it needs a slot before that.
    """

    photographs: str
    downloads: tuple[str, ...] = ()
    static: str = "/static/"


class Front:
    """Stands before two WSGI applications: `photographs` for their paths, and `pages` for all others."""

    # What counts, if the host wants it.
    metrics: Metrics | None = None

    def __init__(
        self,
        pages: WSGIApplication,
        photographs: WSGIApplication,
        *,
        paths: Paths,
        session_cookie: str,
        trusted_proxies: int = 0,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits = limits or Limits()
        self._pages, self._photographs, self._paths = pages, photographs, paths
        self._session = re.compile(rf"(?:^|;)\s*{re.escape(session_cookie)}=([^;]+)")
        self._trusted_proxies = trusted_proxies
        waiting = limits.waiting_for_thread
        self._page_threads = Threads("page", limits.page_threads, waiting=waiting)
        self._write_threads = Threads("write", limits.write_threads, waiting=waiting)
        self._photograph_threads = Threads("photo", limits.photograph_threads, waiting=waiting)
        self._first_piece_threads = Threads(
            "first", limits.first_piece_threads, waiting=waiting, turns=Turns()
        )
        self._upload_threads = Threads("upload", limits.upload_threads, waiting=waiting)
        self._form_threads = Threads("form", limits.form_threads, waiting=0)
        self._all_threads = (
            self._page_threads,
            self._write_threads,
            self._photograph_threads,
            self._first_piece_threads,
            self._upload_threads,
            self._form_threads,
        )
        self._addresses = AtOnce(limits.requests_at_once, limits.address_at_once)
        self._persons = AtOnce(limits.requests_at_once, limits.person_at_once)
        self._forms = AtOnce(limits.form_threads, limits.forms_of_person)
        self._collecting = Collecting(limits)
        self._uploads = Uploads(limits, self._collecting)
        self._sending = Sending(limits, is_behind_proxy=trusted_proxies > 0)
        self._come_again = ComeAgain()
        self._port = 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._sweeper = loop.create_task(self._sweep())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing of ours may still run when the interpreter ends: a thread inside Rust would abort the process."""
        self._sweeper.cancel()
        for threads in self._all_threads:
            threads.stop(within_s=2)
        self._sending.stop()

    async def __rsgi__(self, scope: Scope, proto: Proto) -> None:
        """Answer one request."""
        began = asyncio.get_running_loop().time()
        try:
            asker = self._asker(scope)
            self._enter(asker)
            try:
                await self._admitted(scope, proto, asker, began=began)
            finally:
                self._leave(asker)
        except Refused as refused:
            self._refuse(scope, proto, refused, began=began)
        except Exception:
            log.exception("A request failed.")
            failed = Refused(500, "Something went wrong here. Please try again.")
            self._refuse(scope, proto, failed, began=began)

    async def _admitted(self, scope: Scope, proto: Proto, asker: Asker, *, began: float) -> None:
        path = scope.path
        self._come_again.require_later(asker.person, path, now=began)
        for_photograph = path.startswith(self._paths.photographs)
        if not self._sending.has_room(asker, for_photograph=for_photograph, now=began):
            await self._sending.room(asker, port=self._port, for_photograph=for_photograph)
        try:
            if for_photograph:
                await self._photograph(scope, proto, asker, began=began)
                return
            is_download = scope.method == "GET" and path.startswith(self._paths.downloads)
            with self._sending.download(asker) if is_download else nullcontext() as slot:
                answer = await self._answer(scope, proto, asker, slot or self._page_threads)
                self._count(scope, answer.status, began=began)
                await self._sending.send(proto, answer, asker, port=self._port, slot=slot)
        except Refused as refused:
            self._come_again.tell(asker.person, path, refused, now=began)
            raise

    async def _photograph(self, scope: Scope, proto: Proto, asker: Asker, *, began: float) -> None:
        """Nothing else is asked for so often, so its way is the shortest."""
        headers = scope.headers
        content_length(headers)
        environ = environ_of_photograph(scope, headers)
        with self._sending.photograph_expected:
            call = partial(asked, self._photographs, environ)
            answer = await self._photograph_threads.run(call)
        self._count(scope, answer.status, began=began)
        await self._sending.send(proto, answer, asker, port=self._port)

    def _refuse(self, scope: Scope, proto: Proto, refused: Refused, *, began: float) -> None:
        answer = refusal(refused)
        self._count(scope, answer.status, began=began)
        proto.response_bytes(answer.status, answer.headers, answer.body)

    def _count(self, scope: Scope, status: int, *, began: float) -> None:
        if self.metrics is None:
            return
        kind = Kind.PAGE
        if scope.path.startswith(self._paths.photographs):
            kind = Kind.PHOTOGRAPH
        elif scope.path.startswith(self._paths.static):
            kind = Kind.STATIC
        elif _media_type(scope) in (MEDIA_TYPE, _FORM_WITH_FILES):
            kind = Kind.UPLOAD
        took = asyncio.get_running_loop().time() - began
        self.metrics.answered(kind, status, seconds=took)

    def _enter(self, asker: Asker) -> None:
        self._addresses.enter(asker.address)
        if asker.session:
            try:
                self._persons.enter(asker.session)
            except Refused:
                self._addresses.leave(asker.address)
                raise

    def _leave(self, asker: Asker) -> None:
        self._addresses.leave(asker.address)
        if asker.session:
            self._persons.leave(asker.session)

    def _asker(self, scope: Scope) -> Asker:
        if not self._port:
            self._port = int(scope.server.rpartition(":")[2])
        address = address_of(scope, trusted_proxies=self._trusted_proxies)
        found = self._session.search(scope.headers.get("cookie", ""))
        session = found[1] if found else None
        return Asker(scope.client, address, session, session or f"at {address}")

    async def _answer(self, scope: Scope, proto: Proto, asker: Asker, threads: Threads) -> Answer:
        length = content_length(scope.headers)
        require_short(scope.headers)
        if scope.method not in _READS:
            threads = self._write_threads
        if not length:
            return await self._page(environ_of(scope, body=io.BytesIO(), length=0), threads)
        body = Body(aiter(proto), length, self._limits)
        media_type = _media_type(scope)
        if media_type == MEDIA_TYPE:
            environ = environ_of(scope, body=io.BytesIO(), length=length)
            return await self._uploads.hand_on(
                environ,
                body,
                person=asker.person,
                ask_first=partial(self._piece_of_upload, self._first_piece_threads),
                ask=partial(self._piece_of_upload, self._upload_threads),
            )
        if length <= self._limits.body_bytes:
            return await self._page(await self._with_body(scope, body), threads)
        if media_type == _FORM_WITH_FILES:
            return await self._form(environ_of(scope, body=FormBody(body), length=length), asker)
        raise Refused(413, "This is more than can be sent at once.")

    async def _with_body(self, scope: Scope, body: Body) -> WSGIEnvironment:
        data = await self._collecting.up_to(body.length, body)
        if body.problem:
            raise body.problem
        return environ_of(scope, body=io.BytesIO(data), length=len(data))

    async def _page(self, environ: WSGIEnvironment, threads: Threads) -> Answer:
        answer = await threads.run(partial(asked, self._pages, environ))
        if environ["REQUEST_METHOD"] == "HEAD" and answer.pieces is not None:
            return await threads.run(partial(without_body, answer))
        return answer

    async def _piece_of_upload(self, threads: Threads, environ: WSGIEnvironment) -> Answer:
        return await threads.run(partial(asked, self._pages, environ))

    async def _form(self, environ: WSGIEnvironment, asker: Asker) -> Answer:
        with self._forms.one_more(asker.person):
            return await self._form_threads.run(partial(asked, self._pages, environ))

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_S)
            if self.metrics is not None:
                self.metrics.wait(sum(threads.waiting for threads in self._all_threads))
            if self._port:
                try:
                    await self._sending.sweep(self._port)
                except OSError:
                    log.exception("The connections could not be looked through.")


def _media_type(scope: Scope) -> str:
    return scope.headers.get("content-type", "").partition(";")[0].strip().lower()
