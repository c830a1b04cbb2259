#!/vedette/.venv/bin/python
"""Start the broker as apache/kafka does: KAFKA_* variables become its properties."""

import os
import subprocess
from pathlib import Path

JAVA = ["java", *os.environ.get("KAFKA_HEAP_OPTS", "").split(), "-cp", "/opt/kafka/libs/*"]
PROPERTIES = Path("/tmp/server.properties")

names = {name: value for name, value in os.environ.items() if name.startswith("KAFKA_") and name != "KAFKA_HEAP_OPTS"}
PROPERTIES.write_text(
    "".join(f"{name.removeprefix('KAFKA_').lower().replace('_', '.')}={value}\n" for name, value in names.items())
)
if not (Path(os.environ["KAFKA_LOG_DIRS"]) / "meta.properties").exists():
    cluster = os.environ["CLUSTER_ID"]
    subprocess.run([*JAVA, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", PROPERTIES], check=True)
os.execvp("java", [*JAVA, "kafka.Kafka", str(PROPERTIES)])
