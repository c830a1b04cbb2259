"""Undo gzip and deflate without ever holding more than a cap: 400 kB on the wire can stand for 400 MB."""

import zlib
from typing import Protocol

_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f"  # its first byte: the two may be split over chunks
ACCEPT_ENCODING = "gzip, deflate"


class UndecodableBody(Exception):
    """The body is not what its Content-Encoding says; the message is a clause without a subject."""


class BodyTooLong(Exception):
    """More bytes came out than the cap allows."""


class Decoder(Protocol):
    def feed(self, chunk: bytes) -> bytes: ...

    def finish(self) -> None:
        """Raises UndecodableBody if the body stopped before its own end."""


class Identity:
    """A body that is not packed."""

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes

    def feed(self, chunk: bytes) -> bytes:
        self._left -= len(chunk)
        if self._left < 0:
            raise BodyTooLong
        return chunk

    def finish(self) -> None:
        return


class Inflate:
    """gzip (RFC 1952, also several members in a row) or deflate (RFC 1950, and bare RFC 1951 as some servers send)."""

    def __init__(self, coding: str, max_bytes: int) -> None:
        self._gzip = coding == "gzip"
        self._left = max_bytes
        self._coding = coding
        self._engine = zlib.decompressobj(_GZIP_WINDOW) if self._gzip else None
        self._begun = False

    def feed(self, chunk: bytes) -> bytes:
        """Unpacked bytes of one raw chunk. Raises BodyTooLong at the cap, UndecodableBody on damage."""
        output = bytearray()
        while chunk:
            engine = self._engine_for(chunk)
            if engine.eof:
                break
            self._begun = True
            try:
                part = engine.decompress(chunk, self._left + 1)
            except zlib.error as error:
                raise UndecodableBody(f"is not valid {self._coding}") from error
            self._left -= len(part)
            if self._left < 0:
                raise BodyTooLong
            output += part
            chunk = engine.unused_data if engine.eof else engine.unconsumed_tail
        return bytes(output)

    def finish(self) -> None:
        if self._begun and self._engine is not None and not self._engine.eof:
            raise UndecodableBody("stops in the middle")

    def _engine_for(self, chunk: bytes) -> "zlib._Decompress":
        if self._engine is None:
            is_zlib = chunk[0] & 0x0F == zlib.DEFLATED and (len(chunk) < 2 or (chunk[0] << 8 | chunk[1]) % 31 == 0)
            self._engine = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        elif self._engine.eof and self._gzip and chunk.startswith(_GZIP_MAGIC):
            self._engine = zlib.decompressobj(_GZIP_WINDOW)
        return self._engine


def decoder_for(content_encodings: list[str], max_bytes: int) -> Decoder:
    """The decoder for all Content-Encoding header values of a response.

    Raises UndecodableBody for a coding that was not offered, and for stacked ones: they only make bombs.
    """
    codings = [coding.strip().lower() for value in content_encodings for coding in value.split(",")]
    codings = ["gzip" if coding == "x-gzip" else coding for coding in codings if coding not in ("", "identity")]
    if not codings:
        return Identity(max_bytes)
    if len(codings) > 1:
        raise UndecodableBody(f"is packed {len(codings)} times over ({', '.join(codings)[:60]})")
    if codings[0] not in ("gzip", "deflate"):
        raise UndecodableBody(f"is packed as {codings[0][:30]!r}, which was not asked for")
    return Inflate(codings[0], max_bytes)
