"""Customers from files and into files: CSV and XLSX, with mapping, a dry run and progress."""
