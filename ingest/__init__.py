"""How a source becomes bundles: bytes to records, records to bundles, and the fetching beside them."""
