"""docker-compose.yml as containers, without Docker (`make test-compose`)."""
