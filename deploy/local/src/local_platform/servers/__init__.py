"""The servers and tools that the platform stands on: PostgreSQL, Kafka, the router, the mailbox."""
