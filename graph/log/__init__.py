"""Log: an RFC 6962 Merkle tree over the headers, its checkpoints and signed notes."""
