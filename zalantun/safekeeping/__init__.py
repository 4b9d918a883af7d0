"""Backup and restore: one archive holds rows, files and keys, whatever database they came from.

An archive is a ZIP file: ``manifest.json``, one ``tables/<app>.<model>.jsonl``
for each table (first line the columns, then one JSON list for each row),
``media/…`` and ``keys/…``. It is neutral towards the database, so a portal
that outgrows SQLite moves to PostgreSQL by a backup and a restore.
"""
