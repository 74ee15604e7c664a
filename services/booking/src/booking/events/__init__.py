"""What booking hears and tells over Kafka."""
