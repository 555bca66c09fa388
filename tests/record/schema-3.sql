-- The tables of version 3. Never changes.
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sequence (desk TEXT NOT NULL, date INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (desk, date)) STRICT, WITHOUT ROWID;
CREATE TABLE ledger_leaf (place INTEGER PRIMARY KEY, hash BLOB NOT NULL CHECK (length(hash) = 32)) STRICT;
CREATE TABLE ledger_edge (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, hashes BLOB NOT NULL) STRICT;
CREATE TABLE request (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, uuid TEXT NOT NULL UNIQUE, date INTEGER NOT NULL, filed_at INTEGER NOT NULL, leaf INTEGER NOT NULL UNIQUE REFERENCES ledger_leaf (place), holder_tag BLOB CHECK (length(holder_tag) = 32), envelope BLOB, fleet_tag BLOB CHECK (length(fleet_tag) = 32)) STRICT;
CREATE INDEX request_holder ON request (holder_tag) WHERE holder_tag IS NOT NULL;
CREATE INDEX request_date ON request (date);
CREATE TABLE wrap (request INTEGER NOT NULL REFERENCES request (id), recipient TEXT NOT NULL, wrapped BLOB NOT NULL, PRIMARY KEY (request, recipient)) STRICT, WITHOUT ROWID;
CREATE TABLE clerk (id INTEGER PRIMARY KEY AUTOINCREMENT, card_tag BLOB NOT NULL UNIQUE CHECK (length(card_tag) = 32), person_tag BLOB NOT NULL UNIQUE CHECK (length(person_tag) = 32), sealed BLOB NOT NULL, kdf INTEGER NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL, tries INTEGER NOT NULL DEFAULT 0, tried_at INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE tally (tag BLOB NOT NULL CHECK (length(tag) = 32), date INTEGER NOT NULL, filed INTEGER NOT NULL, PRIMARY KEY (tag, date)) STRICT, WITHOUT ROWID;
CREATE INDEX tally_date ON tally (date);
CREATE TABLE "outbox" (request INTEGER PRIMARY KEY REFERENCES request (id), state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'unknown', 'accepted', 'done', 'refused', 'cancelled')), changed_at INTEGER NOT NULL, outside TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, progress TEXT NOT NULL DEFAULT '', progress_at INTEGER NOT NULL DEFAULT 0, heard_at INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX outbox_state ON outbox (state, request);
CREATE INDEX outbox_heard ON outbox (heard_at) WHERE state = 'accepted';
