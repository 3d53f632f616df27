"""HTTP fetching: a strict client, rate limits, deadlines and a URL policy."""
