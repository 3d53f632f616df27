"""Audits of runs, and verification of logs and exports."""
