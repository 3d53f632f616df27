"""Fetching over HTTP: a strict client, rate limits, deadlines and a policy on URLs."""
