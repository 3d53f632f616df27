"""The rules: admission, authorization, and the settlement of what counts and what lives."""
