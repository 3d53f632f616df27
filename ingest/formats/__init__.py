"""Formats that several sources share: JSON lines, YAML, XML, text, timestamps, printed names."""
