"""Structured logs on standard error: columns for a person at a terminal, one JSON object a line otherwise."""

import logging
import sys

import structlog


def configure_logging(level: str = "INFO") -> None:
    """Call once per process, from the command line's entry point only."""
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # today's stderr: tests and pagers replace it
        cache_logger_on_first_use=False,
    )
