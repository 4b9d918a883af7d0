"""The index over grams as each database has it.

SQLite: a table of FTS5 beside ``search_entry``, kept by triggers of its own.
PostgreSQL: a stored column of lexemes with a GIN index; it has no positions,
so the length of a document does not matter.
"""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

from search.folding import asked_grams
from search.words import LONG_SPAN, Word

# Enough to be rare; the text itself is looked at afterwards.
MOST_GRAMS = 32

SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5("
    "grams, content='search_entry', content_rowid='id', detail=none, columnsize=0, "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
    "CREATE TRIGGER IF NOT EXISTS search_entry_insert AFTER INSERT ON search_entry BEGIN "
    "INSERT INTO search_fts(rowid, grams) VALUES (NEW.id, NEW.grams); END",
    "CREATE TRIGGER IF NOT EXISTS search_entry_delete AFTER DELETE ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, grams) VALUES ('delete', OLD.id, OLD.grams); END",
    "CREATE TRIGGER IF NOT EXISTS search_entry_update AFTER UPDATE ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, grams) VALUES ('delete', OLD.id, OLD.grams); "
    "INSERT INTO search_fts(rowid, grams) VALUES (NEW.id, NEW.grams); END",
)
POSTGRESQL = (
    "ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS lexemes tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(grams, ' '))) STORED",
    "CREATE INDEX IF NOT EXISTS search_entry_lexemes ON search_entry USING gin (lexemes)",
)
REMOVAL = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS search_entry_insert",
        "DROP TRIGGER IF EXISTS search_entry_delete",
        "DROP TRIGGER IF EXISTS search_entry_update",
        "DROP TABLE IF EXISTS search_fts",
    ),
    "postgresql": ("ALTER TABLE search_entry DROP COLUMN IF EXISTS lexemes",),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create what is missing of the index."""
    _run(connection, SQLITE if connection.vendor == "sqlite" else POSTGRESQL)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the index away."""
    _run(connection, REMOVAL[connection.vendor])


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from the grams that the rows hold; PostgreSQL's cannot differ from them."""
    if connection.vendor == "sqlite":
        _run(connection, ("INSERT INTO search_fts(search_fts) VALUES ('rebuild')",))


def _run(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def question(words: Sequence[Word], keys: Sequence[Sequence[str]], vendor: str) -> str:
    """What is asked of the index: all words and, of each group of keys, at least one."""
    terms = [_word_term(word, vendor) for word in words]
    terms += [_any(keys_of_one, vendor) for keys_of_one in ([_quoted(k, vendor) for k in g] for g in keys)]
    return _all(terms, vendor)


def _word_term(word: Word, vendor: str) -> str:
    ways = [_form_term(form, vendor) for form in word.forms]
    if word.days:
        ways += [_quoted(key, vendor) for key in (word.days.key, LONG_SPAN)]
    return _any(ways, vendor)


def _form_term(form: str, vendor: str) -> str:
    grams, beginnings = asked_grams(form)
    quoted = [_quoted(gram, vendor) for gram in grams[:MOST_GRAMS]]
    if beginnings:
        quoted = [f"{gram}*" if vendor == "sqlite" else f"{gram}:*" for gram in quoted]
    return _all(quoted, vendor)


def _quoted(token: str, vendor: str) -> str:
    return f'"{token}"' if vendor == "sqlite" else f"'{token}'"


def _all(terms: Sequence[str], vendor: str) -> str:
    joined = (" AND " if vendor == "sqlite" else " & ").join(terms)
    return f"({joined})" if len(terms) > 1 else joined


def _any(terms: Sequence[str], vendor: str) -> str:
    joined = (" OR " if vendor == "sqlite" else " | ").join(dict.fromkeys(terms))
    return f"({joined})" if len(terms) > 1 else joined
