"""Audits: can a run be reproduced, is it attributed, does the record hold."""
