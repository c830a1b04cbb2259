"""Apache Kafka behind `shared.bus.port`. aiokafka is imported here and nowhere else."""
