"""`vedette fetcher`, `vedette extractor`, `vedette alerts`: one service in a process of its own."""

from collections.abc import Callable

from services.cli.serving import DataDir, Host, Port, serve_until_stopped
from services.one_process.application import ServiceName
from services.one_process.serve import Serving


def fetcher(data_dir: DataDir = None, host: Host = None, port: Port = None) -> None:
    """Serve the fetcher alone: it polls the feeds and publishes their articles."""
    serve_until_stopped((ServiceName.FETCHER,), _announce(ServiceName.FETCHER), data_dir, host, port)


def extractor(data_dir: DataDir = None, host: Host = None, port: Port = None) -> None:
    """Serve the extractor alone: articles in, statements out. Start more of it for more speed."""
    serve_until_stopped((ServiceName.EXTRACTOR,), _announce(ServiceName.EXTRACTOR), data_dir, host, port)


def alerts(data_dir: DataDir = None, host: Host = None, port: Port = None) -> None:
    """Serve the alerts alone: the ledger of claims, subscriptions and their deliveries."""
    serve_until_stopped((ServiceName.ALERTS,), _announce(ServiceName.ALERTS), data_dir, host, port)


def _announce(name: ServiceName) -> Callable[[Serving], None]:
    def announce(serving: Serving) -> None:
        health = "/status  /livez  /readyz  /metrics"
        print(f"Vedette's {name} is running on {serving.url}/     {health}     Ctrl-C stops it.", flush=True)

    return announce
