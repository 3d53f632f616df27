"""Formats that several sources share: JSON lines, YAML, text, timestamps, printed names."""
