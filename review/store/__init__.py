"""Decisions that are kept: appended only, each chained to the one before by its hash.

    with open_store("decisions.db", create=True) as store:
        entry = store.append(decision_data(explanation, claim=claim))
        assert verify(store).whole

A store is a SQLite file or a PostgreSQL database. ``find`` lists, ``get`` gives a decision file
back, ``verify`` checks the chain, ``replay_all`` decides all again and tells what changes.
"""

from tiaowen.review.store.places import DEFAULT, default_file
from tiaowen.review.store.records import About, Break, Entry, Head, Query, Stored, Verification
from tiaowen.review.store.replaying import Change, Refused, Replayed, replay_all
from tiaowen.review.store.store import Store, open_store
from tiaowen.review.store.verifying import read_head, verify

__all__ = [
    "DEFAULT", "About", "Break", "Change", "Entry", "Head", "Query", "Refused", "Replayed", "Store",
    "Stored", "Verification", "default_file", "open_store", "read_head", "replay_all", "verify",
]  # fmt: skip
