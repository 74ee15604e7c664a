"""What booking hears over Kafka: a tolerant model of each topic, and what is made of it."""
