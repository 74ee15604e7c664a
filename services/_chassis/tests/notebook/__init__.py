"""The smallest service that uses every part of the chassis: people write notes, others keep copies."""
