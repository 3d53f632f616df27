"""Pull of another log: fetch its bundles, verify them against its signed checkpoint and the pin, store them."""
