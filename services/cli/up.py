"""`vedette up`: everything on this machine with one command."""

from services.cli.serving import DataDir, Host, Port, serve_until_stopped
from services.one_process.application import EVERY_SERVICE
from services.one_process.serve import Serving


def up(data_dir: DataDir = None, host: Host = None, port: Port = None) -> None:
    """Serve everything on this machine until Ctrl-C."""
    serve_until_stopped(EVERY_SERVICE, announce, data_dir, host, port)


def announce(serving: Serving) -> None:
    """Where everything is, on standard output."""
    where = f" Data in {serving.data_dir.resolve()}." if serving.data_dir else ""
    print(f"Vedette is running.{where} Ctrl-C stops it.\n")
    print(f"  page      {serving.url}/")
    print(f"  API       {serving.url}/api/v1/     (description: {serving.url}/openapi.json)")
    print(f"  status    {serving.url}/status      /livez  /readyz  /metrics")
    if serving.new_key:
        print(f"\n  API key   {serving.new_key}")
        print("            made now and not shown again: keep it (Authorization: Bearer KEY)")
    print("\nNext: vedette subscribe --webhook URL     vedette feeds list     vedette status", flush=True)
