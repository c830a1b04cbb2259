"""The container's health check: exit status 0 if its service is ready."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("VEDETTE_PORT", "8080")), timeout=4)
connection.request("GET", "/readyz")
answer = connection.getresponse()
print(answer.read(4096).decode(errors="replace"))  # `docker inspect` shows which check failed
sys.exit(answer.status != http.client.OK)
