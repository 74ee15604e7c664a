"""Search: finds bookable offers. Its own process, subgraph and index, fed by Kafka alone."""
