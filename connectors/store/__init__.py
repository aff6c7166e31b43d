"""Where facts are kept: SQLite for tables, Parquet for samples. The only place that imports SQLAlchemy."""
