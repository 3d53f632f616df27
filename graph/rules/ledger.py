"""Ledger of a settlement in progress: the states as they change, and the authority of each actor, looked up once."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from graph.model.model import BundleId, Header
from graph.model.vocabulary import EFFECTIVE_VERBS
from graph.rules.facts import Authority, Brief, RuleFacts, State, authority_of, is_fit


class Ledger:
    """States of bundles during one settlement, over the facts as they were before."""

    def __init__(self, facts: RuleFacts) -> None:
        self.facts = facts
        self.trust = facts.trust_list()
        self._before: dict[BundleId, State] = {}
        self._current: dict[BundleId, State] = {}
        self._authorities: dict[str, Authority | None] = {}
        self._new_words: dict[BundleId, list[tuple[str, BundleId]]] = defaultdict(list)

    def header(self, name: BundleId) -> Header | None:
        """Return the header of a bundle."""
        return self.facts.header(name)

    def brief(self, name: BundleId) -> Brief | None:
        """Return the brief of a bundle."""
        return self.facts.brief(name)

    def state(self, name: BundleId) -> State:
        """Return the state of a bundle as it is now."""
        if name not in self._current:
            self._current[name] = self._before[name] = self.facts.state(name)
        return self._current[name]

    def change(self, name: BundleId, **fields: Any) -> None:
        """Change parts of the state of a bundle."""
        self._current[name] = self.state(name)._replace(**fields)

    def changed_states(self) -> dict[BundleId, State]:
        """Return the states that differ from before."""
        return {name: now for name, now in self._current.items() if now != self._before[name]}

    def before(self, name: BundleId) -> State:
        """Return the state of a bundle before the settlement."""
        self.state(name)
        return self._before[name]

    def authority_of_actor(self, actor: str) -> Authority | None:
        """Return the authority of an actor, `None` where it is pending."""
        if actor not in self._authorities:
            self._authorities[actor] = authority_of(self.facts, actor)
        return self._authorities[actor]

    def authority(self, name: BundleId) -> Authority | None:
        """Return the authority that a statement has, `None` where it is pending (or a record, or not here)."""
        brief = self.facts.brief(name)
        if brief is None or not is_fit(self.facts, brief):
            return None
        return self.authority_of_actor(brief.actor)

    def add_words(self, name: BundleId, header: Header) -> None:
        """Note the words of a statement whose author is known only now."""
        for answer in header.answers:
            if answer.verb in EFFECTIVE_VERBS:
                self._new_words[answer.target].append((answer.verb, name))

    def words_on(self, name: BundleId, author: str) -> Collection[tuple[str, BundleId]]:
        """Return the answers with an effect to a bundle by an author, and perhaps some of others."""
        stored = self.facts.words_on(name, author)
        if name not in self._new_words:
            return stored
        return dict.fromkeys((*stored, *self._new_words[name]))
