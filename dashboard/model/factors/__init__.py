"""One file per load factor, each with a `FACTOR`; `dashboard.model.shelf` finds them."""
