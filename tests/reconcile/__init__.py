"""Settlements with errors planted in them, and how often their causes are found again."""
