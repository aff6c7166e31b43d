"""Data: importing, what each import brought, and taking it back."""
